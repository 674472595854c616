using System.Text;
using System.Text.Json;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;
using FederatedOrleans.Storage;
using Npgsql;

namespace FederatedOrleans;

public sealed class ConnectionReaderTests : IDisposable
{
    private const string Password = "hunter-two";
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-connection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Members_and_a_password_file_make_a_connection()
    {
        Write("password.txt", Password + "\n");
        var (connection, faults) = Read("""{ "host": "db.example", "database": "fed", "user": "silo", "passwordFile": "password.txt" }""");

        Assert.Empty(faults);
        Assert.Equal(
            ("db.example", 5432, "fed", "silo", Password, SslMode.VerifyFull),
            (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password, connection.SslMode));
    }

    [Fact]
    public void A_file_says_it_all_and_over_the_defaults()
    {
        Write("pg.txt", $"Host=db;Database=fed;Username=silo;Password={Password};Maximum Pool Size=7");
        var (connection, faults) = Read("""{ "connectionFile": "pg.txt" }""");

        Assert.Empty(faults);
        Assert.Equal(("db", Password, 7, 10), (connection.Host, connection.Password, connection.MaxPoolSize, connection.KeepAlive));
    }

    [Fact]
    public void A_secret_that_everybody_may_read_is_refused()
    {
        Write("password.txt", Password, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var (_, faults) = Read("""{ "host": "db", "database": "fed", "user": "silo", "passwordFile": "password.txt" }""");

        Assert.Contains("chmod o-rw", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var (_, faults) = Read("""{ "port": 0, "database": "fed", "passwordFile": "missing.txt", "sslMode": "maybe", "colour": 1 }""");

        Assert.Equal(
            ["$.colour", "$.host", "$.passwordFile", "$.port", "$.sslMode", "$.user"],
            faults.Select(fault => fault.Split(':', ' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{ \"connectionFile\": \"pg.txt\", \"host\": \"db\" }", "Host=db;Database=fed;Username=silo", "leave one of the two out")]
    [InlineData("{ \"connectionFile\": \"pg.txt\" }", "Host=db;Username=silo", "lacks Database=")]
    [InlineData("{ \"connectionFile\": \"pg.txt\" }", "Host=db;Colour=hunter-two", "does not hold a connection")]
    public void A_file_that_will_not_do_is_told_without_quoting_it(string json, string content, string expected)
    {
        Write("pg.txt", content);
        var fault = Assert.Single(Read(json).Faults);

        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, fault, StringComparison.Ordinal);
    }

    private (NpgsqlConnectionStringBuilder Connection, string[] Faults) Read(string json)
    {
        var faults = new List<PlanFault>();
        using var document = JsonDocument.Parse(json);
        var connection = PostgresConnectionReader.Read(JsonObjectReader.Of(document.RootElement, "$", faults)!, _folder, "fed-silo");
        return (connection, [.. faults.Select(fault => fault.ToString())]);
    }

    private void Write(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content, Encoding.UTF8);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}

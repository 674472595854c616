using System.Globalization;
using FederatedOrleans.Json;
using Npgsql;

namespace FederatedOrleans.Storage;

/// <summary>Reads where the database is from a configuration, with every fault at once. No password stands in a configuration itself.</summary>
public static class PostgresConnectionReader
{
    // A server that is gone without a word is noticed, and what hangs on it fails and is tried again.
    private const string Defaults = "Maximum Pool Size=30;Keepalive=10;Timeout=5;Command Timeout=20;";

    private const int DefaultPort = 5432;
    private const int HighestPort = 65535;
    private const int LargestFile = 16 * 1024;
    private const string ConnectionFile = "connectionFile";
    private const string PasswordFile = "passwordFile";
    private const string SslMode = "sslMode";
    private const string RootCertificate = "rootCertificate";
    private static readonly string[] Members = ["host", "port", "database", "user", PasswordFile, SslMode, RootCertificate];

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = Npgsql.SslMode.Disable,
        ["prefer"] = Npgsql.SslMode.Prefer,
        ["require"] = Npgsql.SslMode.Require,
        ["verify-ca"] = Npgsql.SslMode.VerifyCA,
        ["verify-full"] = Npgsql.SslMode.VerifyFull,
    };

    /// <summary>Reads the members of a connection.</summary>
    /// <param name="reader">The object; its faults are noted there.</param>
    /// <param name="folder">What paths are relative to.</param>
    /// <param name="program">As which program the server's own tables show it.</param>
    /// <returns>The connection; of no use where there are faults.</returns>
    public static NpgsqlConnectionStringBuilder Read(JsonObjectReader reader, string folder, string program)
    {
        var connection = reader.Has(ConnectionFile) ? FromFile(reader, folder, program) : FromMembers(reader, folder, program);
        reader.Finish();
        return connection;
    }

    private static NpgsqlConnectionStringBuilder FromFile(JsonObjectReader reader, string folder, string program)
    {
        foreach (var other in Members.Where(reader.Has))
        {
            // Asked for, so that it does not count as unknown too.
            _ = other == "port" ? reader.Whole(other, 1, HighestPort)?.ToString(CultureInfo.InvariantCulture) : reader.Text(other);
            reader.Fault(other, $"stands beside {ConnectionFile}, which says it all; leave one of the two out");
        }

        var connection = new NpgsqlConnectionStringBuilder();
        try
        {
            // What the file says comes last, so that it counts. A wrong text is not quoted: it holds the password.
            connection.ConnectionString = $"{Defaults}Application Name={program};{Secret(reader, ConnectionFile, folder)}";
        }
        catch (ArgumentException)
        {
            reader.Fault(ConnectionFile, "names a file that does not hold a connection such as Host=db;Database=fed;Username=fed;Password=...");
            return connection;
        }

        foreach (var (name, value) in new[] { ("Host", connection.Host), ("Database", connection.Database), ("Username", connection.Username) })
        {
            if (string.IsNullOrEmpty(value) && File.Exists(PathOf(reader, ConnectionFile, folder)))
            {
                reader.Fault(ConnectionFile, $"names a file that lacks {name}=");
            }
        }

        return connection;
    }

    private static NpgsqlConnectionStringBuilder FromMembers(JsonObjectReader reader, string folder, string program)
    {
        var connection = new NpgsqlConnectionStringBuilder(Defaults)
        {
            ApplicationName = program,
            Host = reader.Text("host", required: true),
            Port = reader.WholeInt32("port", 1, HighestPort) ?? DefaultPort,
            Database = reader.Text("database", required: true),
            Username = reader.Text("user", required: true),
        };
        if (reader.Has(PasswordFile))
        {
            connection.Password = Secret(reader, PasswordFile, folder);
        }

        // Off the machine the server must show who it is; a folder is that of a socket.
        var isLocal = connection.Host is "localhost" or "127.0.0.1" or "::1" || connection.Host?.StartsWith('/') == true;
        connection.SslMode = SslModes[reader.Choice(SslMode, [.. SslModes.Keys]) ?? (isLocal ? "prefer" : "verify-full")];
        if (reader.Text(RootCertificate) is { } certificate)
        {
            connection.RootCertificate = Path.GetFullPath(certificate, folder);
            if (!File.Exists(connection.RootCertificate))
            {
                reader.Fault(RootCertificate, $"names {connection.RootCertificate}, which is not there");
            }
        }

        return connection;
    }

    /// <summary>The text of a file that only its owner and the owner's group may read.</summary>
    private static string Secret(JsonObjectReader reader, string name, string folder)
    {
        if (PathOf(reader, name, folder) is not { } path)
        {
            return "";
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
            {
                reader.Fault(name, $"names {path}, which every user of this machine may read or write; forbid it: chmod o-rw {path}");
            }

            if (file.Length > LargestFile)
            {
                reader.Fault(name, $"names {path}, which is longer than {LargestFile:N0} bytes");
                return "";
            }

            using var text = new StreamReader(file);
            return text.ReadToEnd().Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reader.Fault(name, $"names a file that can't be read: {exception.Message}");
            return "";
        }
    }

    private static string? PathOf(JsonObjectReader reader, string name, string folder) =>
        reader.Text(name) is { Length: > 0 } text ? Path.GetFullPath(text, folder) : null;
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace FederatedOrleans;

/// <summary>A PostgreSQL server of the test's own: in a temporary folder, on loopback, ended by its id.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres";
    private const string Fed = "fed";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-postgres-");
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly string _data;
    private readonly int _port = FreePort();
    private Process? _process;

    private PostgresServer() => _data = Path.Combine(_folder.FullName, "data");

    /// <summary>The programs, or null where PostgreSQL is not installed.</summary>
    private static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).LastOrDefault()
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    /// <summary>The file in which the server that runs tells its process's id, in the first line, and its folder, in the second.</summary>
    public string ProcessFile => Path.Combine(_data, "postmaster.pid");

    /// <summary>Waits until the server has ended, for whatever reason: what it ended with.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        var running = _process ?? throw new InvalidOperationException("The server does not run.");
        await running.WaitForExitAsync(cancellationToken);
        return running.ExitCode;
    }

    /// <summary>Makes a server and starts it.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new PostgresServer();
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // The server's account passes through the folder.
                File.SetUnixFileMode(server._folder.FullName, (UnixFileMode)0b111_101_101);
            }

            Directory.CreateDirectory(server._data);
            var password = Path.Combine(server._folder.FullName, "password");
            await File.WriteAllTextAsync(password, server._password, cancellationToken);
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", ["-R", Account, server._data, password], cancellationToken);
            }

            // Nothing of it has to outlive the machine; that it outlives its own end is tested without the flushes.
            await RunAsAccountAsync(
                "initdb", ["-D", server._data, "-U", Fed, "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--no-sync"], cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database: where it is.</summary>
    public async Task<NpgsqlConnectionStringBuilder> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(To("postgres"));
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(cancellationToken);
        return To(name);
    }

    /// <summary>Saves a database in a file, while it is in use.</summary>
    public Task DumpAsync(string database, string file, CancellationToken cancellationToken) =>
        RunToolAsync("pg_dump", ["--format=custom", $"--file={file}"], database, cancellationToken);

    /// <summary>Puts a database back to what a file holds of it.</summary>
    public Task RestoreAsync(string database, string file, CancellationToken cancellationToken) =>
        RunToolAsync("pg_restore", ["--clean", "--if-exists", $"--dbname={database}"], file, cancellationToken);

    /// <summary>Ends the server as its administrator would, connections and all.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } running)
        {
            // Its fast shutdown.
            using var kill = Process.Start("kill", ["-INT", $"{running.Id}"]);
            await kill.WaitForExitAsync(CancellationToken.None);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await running.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                running.Kill();
            }
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <exception cref="NpgsqlException">It has ended again. After its death it does so while a process that it had begun still lives.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = Launch(
            "postgres", ["-D", _data, "-h", "127.0.0.1", "-p", $"{_port}", "-k", _data, "-c", "fsync=off", "-c", "shared_buffers=32MB"]);
        var began = TimeProvider.System.GetTimestamp();
        await using var source = NpgsqlDataSource.Create(To("postgres"));
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private NpgsqlConnectionStringBuilder To(string database) => new()
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = database,
        Username = Fed,
        Password = _password,
        Timeout = 5,
    };

    private Task RunToolAsync(string program, string[] options, string operand, CancellationToken cancellationToken) => RunAsync(
        PathOf(program), [.. options, "--host=127.0.0.1", $"--port={_port}", $"--username={Fed}", operand], cancellationToken, _password);

    private static Task RunAsAccountAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var (name, all) = AsAccount(program, arguments);
        return RunAsync(name, all, cancellationToken);
    }

    private static Process Launch(string program, string[] arguments)
    {
        // Becomes the server itself: the id is the server's.
        var (name, all) = AsAccount(program, arguments);
        var process = Start(name, all);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static (string Program, string[] Arguments) AsAccount(string program, string[] arguments)
    {
        var path = PathOf(program);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--clear-groups", path, .. arguments])
            : (path, arguments);
    }

    private static string PathOf(string program) => Path.Combine(
        Programs ?? throw new InvalidOperationException("PostgreSQL is not installed (on Debian: apt-get install postgresql)."), program);

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken, string? password = null)
    {
        using var process = Start(program, arguments, password);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await output}{await error}");
        }
    }

    private static Process Start(string program, string[] arguments, string? password = null)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (password is not null)
        {
            start.Environment["PGPASSWORD"] = password;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

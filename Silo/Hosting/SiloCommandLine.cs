using System.CommandLine;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Postgres;
using FederatedOrleans.Storage;
using FederatedOrleans.Tokens;

namespace FederatedOrleans.Centre;

/// <summary>The command line of the Silo, from its arguments to its exit code.</summary>
internal static class SiloCommandLine
{
    private const int LeastThreads = 16;

    // Grains write what they hold and streams are closed in good order; the host gives that up before this does.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command until it ends, or the Silo until it is told to stop: 0, 1 where the work failed, 2 where the command line was wrong.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public static async Task<int> RunAsync(string[] arguments, TimeProvider? time = null)
    {
        var configuration = new Option<FileInfo>("--config", "-c") { Description = "The Silo's configuration file.", Required = true };
        var run = new Command("run", "Run the Silo until it is told to stop (Ctrl+C, SIGTERM).") { configuration };
        run.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(configuration).FullName, time ?? TimeProvider.System, cancellationToken));
        var root = new RootCommand("The federation's central process.") { run };
        var parsed = root.Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = LongestStop });
        return parsed.Errors.Count > 0 ? 2 : exitCode;
    }

    private static async Task<int> RunAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var configuration = SiloConfigurationReader.ReadFile(path);
            using var kit = LinkKit.Load(configuration.Kit, time, LinkRole.Silo);
            using var folder = DataFolder.Open(configuration.Data, $"Silo of {kit.Identity.Federation}");
            if (SiloHost.PortFaults(configuration).ToArray() is { Length: > 0 } taken)
            {
                return Fail(taken);
            }

            // Read before anything starts: what is wrong with the key is said in one sentence.
            using var tokens = TokenVerifier.Load(configuration.TokenKey, kit.Identity.Federation, time);
            await using var database = configuration.Postgres is { } postgres ? await PostgresDatabase.OpenAsync(postgres, cancellationToken) : null;
            DiskThreads.Provide(LeastThreads);
            await using var app = SiloHost.Build(configuration, kit, folder, tokens, database, time);
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (SiloConfigurationException exception)
        {
            return Fail(exception.Faults);
        }
        catch (EnrolmentException exception)
        {
            return Fail(exception.Faults);
        }
        catch (Exception exception) when (exception is DataFolderException or FederationException)
        {
            return Fail([exception.Message]);
        }
    }

    private static int Fail(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            Console.Error.WriteLine(sentence);
        }

        return 1;
    }
}

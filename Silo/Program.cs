using System.CommandLine;
using FederatedOrleans.Centre;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Storage;

var configuration = new Option<FileInfo>("--config", "-c") { Description = "The Silo's configuration file.", Required = true };
var run = new Command("run", "Run the Silo until it is told to stop (Ctrl+C, SIGTERM).") { configuration };
run.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(configuration).FullName, cancellationToken));
var root = new RootCommand("The federation's central process.") { run };
var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync();

// 2 tells a script that the command line was wrong, 1 that the work failed.
return parsed.Errors.Count > 0 ? 2 : exitCode;

static async Task<int> RunAsync(string path, CancellationToken cancellationToken)
{
    try
    {
        var configuration = SiloConfigurationReader.ReadFile(path);
        using var kit = LinkKit.Load(configuration.Kit, TimeProvider.System, LinkRole.Silo);
        using var folder = DataFolder.Open(configuration.Data, $"Silo of {kit.Identity.Federation}");
        if (SiloHost.PortFaults(configuration).ToArray() is { Length: > 0 } taken)
        {
            return Fail(taken);
        }

        await using var app = SiloHost.Build(configuration, kit, folder);
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
    catch (DataFolderException exception)
    {
        return Fail([exception.Message]);
    }
}

static int Fail(IEnumerable<string> sentences)
{
    foreach (var sentence in sentences)
    {
        Console.Error.WriteLine(sentence);
    }

    return 1;
}

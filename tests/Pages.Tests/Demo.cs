using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Cli;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Hospitals;

namespace FederatedOrleans.Operators;

/// <summary>The demo as people run it, <c>fed demo --keep</c>: a Silo and four hospitals in processes of their own, after their run.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending;
    private readonly DirectoryInfo _folder;
    private readonly Task _demo;

    private Demo(CancellationTokenSource ending, DirectoryInfo folder, Task demo) => (_ending, _folder, _demo) = (ending, folder, demo);

    /// <summary>The link that it printed.</summary>
    public required Uri LoginLink { get; init; }

    /// <summary>Address of the pages.</summary>
    public Uri Web => new(LoginLink.GetLeftPart(UriPartial.Authority));

    /// <summary>What it wrote for scripts.</summary>
    public JsonElement Result => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder.FullName, "result.json"))).RootElement;

    /// <summary>Runs the demo to the end of its run.</summary>
    public static async Task<Demo> RunAsync(string root, int rounds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("fed-pages-");
        string In(string name) => Path.Combine(folder.FullName, name);

        // Made-up records, so that the test asks nobody for data; the sample's row lists are those of the real files.
        SyntheticCohort.Write(In("data"));
        var dataset = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(root, "samples", "datasets", "heart-disease.json"), cancellationToken))!.AsObject();
        dataset["split"] = new JsonObject { ["testFraction"] = 0.34, ["seed"] = 1 };
        await File.WriteAllTextAsync(In("dataset.json"), dataset.ToJsonString(), cancellationToken);

        var printed = new Printed();
        var output = TextWriter.Synchronized(printed);
        var context = new CliContext { Out = output, Error = output, Invitations = new InvitationFileWriter() };
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var demo = FedCommand.RunAsync(
            FedCommand.Create(context),
            [
                "demo", "--project", root, "--silo", Program(root, "Silo", "fed-silo"), "--node", Program(root, "HospitalNode", "fed-node"),
                "--rounds", $"{rounds}", "--data", In("data"), "--dataset", In("dataset.json"), "--folder", In("federation"),
                "--json", In("result.json"), "--keep",
            ],
            context,
            ending.Token);
        if (await Task.WhenAny(demo, printed.Link) == printed.Link)
        {
            return new(ending, folder, demo) { LoginLink = new(await printed.Link) };
        }

        ending.Dispose();
        folder.Delete(recursive: true);
        throw new InvalidOperationException($"The demo ended by itself:\n{printed}");
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _demo.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Program(string root, string project, string program) =>
        Path.Combine(root, "artifacts", "bin", $"FederatedOrleans.{project}", Configuration(root), program);

    // Tests and programs are built alike: artifacts/bin/<project>/<configuration>.
    private static string Configuration(string root) =>
        Path.GetRelativePath(Path.Combine(root, "artifacts", "bin", "FederatedOrleans.Pages.Tests"), AppContext.BaseDirectory).Split('/')[0];

    /// <summary>Keeps what is printed, and finds the login link in it.</summary>
    private sealed class Printed : StringWriter
    {
        private readonly TaskCompletionSource<string> _link = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Link => _link.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains("/login?link=", StringComparison.Ordinal) == true)
            {
                _link.TrySetResult(value.Trim());
            }
        }
    }
}

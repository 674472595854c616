using System.Text.Json.Nodes;
using FederatedOrleans.Cli;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Hospitals;

namespace FederatedOrleans.Bench;

/// <summary>Federations of real processes for measurements: quiet, and patient with the starts of many.</summary>
internal static class BenchFederation
{
    /// <summary>How long anything may take to come up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A federation of which nothing is made yet.</summary>
    /// <param name="programs">Folder artifacts/bin of a Release build.</param>
    /// <param name="root">Where it keeps everything.</param>
    /// <param name="calledPort">The port that hospitals call in place of the Silo's; that itself when absent.</param>
    /// <param name="nodeSettings">Settings of every node beside its folders and ports; none when absent.</param>
    public static LocalFederation Create(string programs, string root, Func<int, int>? calledPort = null, JsonObject? nodeSettings = null)
    {
        return new LocalFederation(
            new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, Invitations = new InvitationFileWriter() },
            new LocalFederationOptions
            {
                Id = "bench",
                Root = root,
                Silo = Project(programs, "Silo", "fed-silo"),
                Node = Project(programs, "HospitalNode", "fed-node"),
                NodeSettings = _ => nodeSettings ?? [],
                Patience = Patience,
                Called = (_, port) => new($"https://127.0.0.1:{(calledPort is null ? port : calledPort(port))}"),
            });
    }

    /// <summary>A path in the output of a project.</summary>
    public static string Project(string programs, string project, string name = "") =>
        Path.GetFullPath(Path.Combine(programs, $"FederatedOrleans.{project}", "release", name));
}

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
    public static LocalFederation Create(string programs, string root, Func<int, int>? calledPort = null)
    {
        string Program(string project, string name) => Path.GetFullPath(Path.Combine(programs, project, "release", name));
        return new LocalFederation(
            new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, Invitations = new InvitationFileWriter() },
            new LocalFederationOptions
            {
                Id = "bench",
                Root = root,
                Silo = Program("FederatedOrleans.Silo", "fed-silo"),
                Node = Program("FederatedOrleans.HospitalNode", "fed-node"),
                Patience = Patience,
                Called = (_, port) => new($"https://127.0.0.1:{(calledPort is null ? port : calledPort(port))}"),
            });
    }
}

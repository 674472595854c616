using System.Collections.Immutable;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Hospitals;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Plans;
using Spectre.Console;

namespace FederatedOrleans.Cli;

/// <summary>What commands get from outside.</summary>
internal sealed record CliContext
{
    /// <summary>Standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person looks at a terminal.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Environment variables.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a connection to the centre may take; the client's own time-out where absent.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Reads and validates plans.</summary>
    public Func<ReadOnlyMemory<byte>, (TrainingPlan? Plan, ImmutableArray<PlanFault> Faults)> ReadPlan { get; init; } = TrainingPlanReader.Read;

    /// <summary>Writes the files that invited hospitals enrol with.</summary>
    public IInvitationWriter? Invitations { get; init; }

    /// <summary>Where the demo's records are published.</summary>
    public HeartDiseaseArchive Archive { get; init; } = HeartDiseaseArchive.Uci;

    /// <summary>The terminal, where it is not to be found out from <see cref="Out"/>.</summary>
    public IAnsiConsole? Terminal { get; init; }

    /// <summary>Where commands write.</summary>
    public CliOutput Output => field ??= new(Out, Error, IsInteractive, Terminal);

    /// <summary>The process's own.</summary>
    public static CliContext OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsInteractive = !Console.IsOutputRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
        Invitations = new InvitationFileWriter(),
    };
}

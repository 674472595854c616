using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;
using FederatedOrleans.Runs;
using FederatedOrleans.Simulation.Commands;
using FederatedOrleans.Simulation.Partitions;
using FederatedOrleans.Simulation.Reports;

namespace FederatedOrleans.Simulation.Results;

/// <summary>What a simulated study has come to: the file <c>results.json</c>.</summary>
/// <remarks>It names no run and no time: the same plan, rows, partition and seed give the same bytes, as long as no deadline has passed.</remarks>
internal sealed record SimulationResult
{
    /// <summary>What the run's model is called beside others.</summary>
    public const string Federated = "federated";

    /// <summary>The <c>format</c> of the file.</summary>
    public const string FileFormat = "federated-orleans-simulation";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Says what the file is.</summary>
    public string Format { get; } = FileFormat;

    /// <summary>Version of the format.</summary>
    public int FormatVersion { get; } = 1;

    /// <summary>The plan.</summary>
    public required PlanResult Plan { get; init; }

    /// <summary>How rows were dealt out.</summary>
    public required PartitionResult Partition { get; init; }

    /// <summary>The hospitals.</summary>
    public required ImmutableArray<HospitalResult> Hospitals { get; init; }

    /// <summary>How the run ended.</summary>
    public required RunResult Run { get; init; }

    /// <summary>Every committed version.</summary>
    public required ImmutableArray<VersionResult> Versions { get; init; }

    /// <summary>Models of each hospital alone, the federated one and one of all rows in one place, each at every hospital; absent where it was not asked for.</summary>
    public ImmutableArray<CrossSiteRow>? CrossSite { get; init; }

    /// <summary>How the hospitals differ; absent where it was not asked for, or the plan names no ranges of its features.</summary>
    public ImmutableArray<HospitalDifference>? Differences { get; init; }

    /// <summary>Puts it together.</summary>
    public static SimulationResult Of(
        SimulateOptions options, TrainingPlan plan, Cohort cohort, RunSummary summary, ImmutableArray<ModelVersionView> versions) => new()
    {
        Plan = new(plan.Name, summary.PlanDigest, plan.Seed, plan.Model.Kind, plan.Dataset.Name, plan.Dataset.Schema.ClassLabels()),
        Partition = new()
        {
            Kind = options.Partition.Kind,
            Alpha = options.Partition.Alpha,
            Column = options.Partition.Column,
            Seed = options.Partition.Drawn is null ? null : options.Seed ?? plan.Seed,
            MinimumRows = options.MinimumRows,
            Draws = cohort.Draws == 0 ? null : cohort.Draws,
            RowsLeftOut = cohort.LeftOut,
        },
        Hospitals = HospitalResult.Of(cohort),
        Run = RunResult.Of(summary, versions),
        Versions = [.. versions.Select(VersionResult.Of)],
    };

    /// <summary>The file's bytes, UTF-8.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];
}

namespace FederatedOrleans;

/// <summary>Keys of grains. Every key carries a prefix, since the ADO.NET provider stores a text that looks like a number or a Guid as one.</summary>
public static class GrainKeys
{
    /// <summary>The federation.</summary>
    public const string Federation = "federation:main";

    /// <summary>A run.</summary>
    public static string Run(string run) => $"run:{run}";

    /// <summary>A round of a run.</summary>
    public static string Round(string run, int round) => $"round:{run}/{round}";

    /// <summary>The aggregator of a group in an epoch; group 0 leads.</summary>
    public static string Aggregator(string run, int round, int attempt, long epoch, int group = 0) =>
        $"aggregator:{run}/{round}/{attempt}/{epoch}/{group}/0";

    /// <summary>A shard of the aggregator of a group in an epoch.</summary>
    public static string AggregatorShard(string run, int round, int attempt, long epoch, int group, int shard) =>
        $"aggregator-shard:{run}/{round}/{attempt}/{epoch}/{group}/{shard}";

    /// <summary>The evaluation of a committed version.</summary>
    public static string Evaluation(string run, int version) => $"evaluation:{run}/{version}";

    /// <summary>A hospital.</summary>
    public static string Hospital(string hospital) => $"hospital:{hospital}";

    /// <summary>The id behind the prefix.</summary>
    public static string IdOf(string key) => key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

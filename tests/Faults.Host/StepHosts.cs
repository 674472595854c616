namespace FederatedOrleans.Faults;

/// <summary>Which process hosts a grain of a round, as the journals tell: the one that was the last to reach a step of it.</summary>
/// <remarks>A grain that is at work moves only when its process dies, or when it could not store something; then it tells of its steps elsewhere.</remarks>
internal static class StepHosts
{
    /// <summary>The coordinator of the round; also what its steps begin with.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>The aggregator of the attempt's last epoch.</summary>
    public const string Aggregator = "aggregator";

    /// <summary>Both of them.</summary>
    public static readonly string[] Grains = [Coordinator, Aggregator];

    /// <summary>Whether a name is that of a grain.</summary>
    public static bool IsGrain(string name) => Grains.Contains(name);

    /// <summary>Who hosts a grain; null where nobody has told of it.</summary>
    /// <param name="journal">What all processes have reached.</param>
    /// <param name="grain">One of the names above.</param>
    /// <param name="subject">The attempt: text that begins <c>run/round/attempt</c>.</param>
    public static string? Of(IEnumerable<ReachedStep> journal, string grain, string subject)
    {
        var attempt = string.Join('/', subject.Split('/').Take(3));
        return journal
            .Where(reached => reached.Step.StartsWith(grain + ".", StringComparison.Ordinal)
                && (reached.Subject == attempt || reached.Subject.StartsWith(attempt + "/", StringComparison.Ordinal)))
            .MaxBy(reached => reached.At)?.Process;
    }
}

using System.Globalization;

namespace FederatedOrleans.Faults;

/// <summary>A line of a process's journal.</summary>
/// <param name="At">When.</param>
/// <param name="Process">Which process: <c>silo</c>, or a hospital.</param>
/// <param name="Step">The step.</param>
/// <param name="Subject">What it was a step of; begins <c>run/round/attempt</c>.</param>
internal sealed record ReachedStep(DateTimeOffset At, string Process, string Step, string Subject)
{
    /// <summary>All that a process has told in its whole life, over its restarts.</summary>
    public static IEnumerable<ReachedStep> Of(string process, string folder)
    {
        var journal = Path.Combine(folder, "steps.log");
        if (!File.Exists(journal))
        {
            yield break;
        }

        using var reader = new StreamReader(new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ', 3) is [var at, var step, var subject])
            {
                yield return new(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), process, step, subject);
            }
        }
    }
}

using System.Globalization;

namespace FederatedOrleans.Faults;

/// <summary>Who is to die when: a file of one line, <c>ANNOUNCER,ANNOUNCER STEP ROUND COUNT VICTIM,VICTIM APART</c>.</summary>
/// <remarks>
/// Processes are named by the folders of their configurations, which lie beside the file. The order is carried out once, by the announcer
/// that first reaches the step for the COUNT-th time since the file is there; whoever is started again finds it done.
/// </remarks>
/// <param name="Announcers">The processes whose steps count, each for itself.</param>
/// <param name="Step">Name of the step.</param>
/// <param name="Count">How often it is reached before anybody dies, from 1.</param>
/// <param name="Victims">
/// The processes that die, by name, or by the grain that they host at that moment: <see cref="StepHosts.Coordinator"/> or
/// <see cref="StepHosts.Aggregator"/>. While nobody hosts it, the order waits for the next time.
/// </param>
/// <param name="Round">The round in which the step counts; 0 for any.</param>
/// <param name="Apart">Whether it is carried out only where one process hosts the coordinator and another the aggregator.</param>
internal sealed record CrashOrder(string[] Announcers, string Step, int Count, string[] Victims, int Round = 0, bool Apart = false)
{
    /// <summary>The order in a file; null where there is none.</summary>
    public static CrashOrder? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim().Split(' ') is [var announcers, var step, var round, var count, var victims, var apart]
                ? new(
                    announcers.Split(','),
                    step,
                    int.Parse(count, CultureInfo.InvariantCulture),
                    victims.Split(','),
                    int.Parse(round, CultureInfo.InvariantCulture),
                    bool.Parse(apart))
                : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Puts the order into a file, whole.</summary>
    public void Write(string path)
    {
        File.WriteAllText(path + ".part", $"{string.Join(',', Announcers)} {Step} {Round} {Count} {string.Join(',', Victims)} {Apart}");
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Whether it is a step that counts.</summary>
    /// <param name="announcer">Who reaches it.</param>
    /// <param name="step">Its name.</param>
    /// <param name="subject">What it is a step of; begins <c>run/round/attempt</c>.</param>
    public bool Counts(string announcer, string step, string subject) =>
        Step == step && Announcers.Contains(announcer) && (Round == 0 || subject.Split('/')[1] == Round.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes the order away, so that nobody carries it out again. False where somebody did before.</summary>
    public static bool TryTake(string path)
    {
        try
        {
            File.Move(path, path + ".done", overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}

using System.Globalization;

namespace FederatedOrleans.Faults;

/// <summary>Who is to die when: a file of one line, <c>ANNOUNCER STEP COUNT VICTIM,VICTIM</c>.</summary>
/// <remarks>
/// Processes are named by the folders of their configurations, which lie beside the file. The order is carried out once, by the announcer,
/// when it reaches the step for the COUNT-th time since the file is there; whoever is started again finds it done.
/// </remarks>
/// <param name="Announcer">The process whose steps count.</param>
/// <param name="Step">Name of the step.</param>
/// <param name="Count">How often it is reached before anybody dies, from 1.</param>
/// <param name="Victims">The processes that die.</param>
internal sealed record CrashOrder(string Announcer, string Step, int Count, string[] Victims)
{
    /// <summary>The order in a file; null where there is none.</summary>
    public static CrashOrder? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim().Split(' ') is [var announcer, var step, var count, var victims]
                ? new(announcer, step, int.Parse(count, CultureInfo.InvariantCulture), victims.Split(','))
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
        File.WriteAllText(path + ".part", $"{Announcer} {Step} {Count} {string.Join(',', Victims)}");
        File.Move(path + ".part", path, overwrite: true);
    }

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

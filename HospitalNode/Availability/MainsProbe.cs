namespace FederatedOrleans.Site.Availability;

/// <summary>Whether the machine runs on mains power, by /sys/class/power_supply. One that has no supply to tell of does.</summary>
internal sealed class MainsProbe(MachineFiles files) : ILimitProbe
{
    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken) =>
        new(IsOnMains() ? null : "the machine runs on its battery");

    private bool IsOnMains()
    {
        string[] supplies;
        try
        {
            supplies = Directory.GetDirectories(Path.Combine(files.Sys, "class", "power_supply"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }

        var mains = supplies.Where(supply => Is(supply, "type", "Mains")).ToArray();
        return mains.Length > 0
            ? Array.Exists(mains, supply => Is(supply, "online", "1"))
            : !Array.Exists(supplies, supply => Is(supply, "type", "Battery") && Is(supply, "status", "Discharging"));
    }

    private static bool Is(string supply, string file, string value) => MachineFiles.Read(Path.Combine(supply, file))?.Trim() == value;
}

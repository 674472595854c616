namespace FederatedOrleans.Site.Participants;

/// <summary>Keys of site grains, and where their states are.</summary>
internal static class SiteKeys
{
    /// <summary>Name of the site's storage provider.</summary>
    public const string Storage = "site";

    /// <summary>Version of what a site's file holds. Those of 1 hold the same: the number was once the centre's too.</summary>
    public const int FileVersion = 2;

    /// <summary>A run at a hospital.</summary>
    public static string Participant(string hospital, string run) => $"participant:{hospital}/{run}";

    /// <summary>A dataset of a hospital.</summary>
    public static string Dataset(string hospital, string dataset) => $"dataset:{hospital}/{dataset}";
}

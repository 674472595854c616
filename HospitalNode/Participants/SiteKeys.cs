namespace FederatedOrleans.Site.Participants;

/// <summary>Keys of site grains.</summary>
internal static class SiteKeys
{
    /// <summary>Name of the site's storage provider.</summary>
    public const string Storage = "site";

    /// <summary>A run at a hospital.</summary>
    public static string Participant(string hospital, string run) => $"participant:{hospital}/{run}";

    /// <summary>A dataset of a hospital.</summary>
    public static string Dataset(string hospital, string dataset) => $"dataset:{hospital}/{dataset}";
}

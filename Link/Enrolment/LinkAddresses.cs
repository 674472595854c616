namespace FederatedOrleans.Link.Enrolment;

/// <summary>The rule for the addresses of a federation's link.</summary>
internal static class LinkAddresses
{
    public const int Max = 16;

    /// <summary>Adds a fault for each address that isn't <c>https://host:port</c>, and if there are none or too many.</summary>
    public static void Check(IReadOnlyList<string> addresses, string where, List<string> faults)
    {
        if (addresses.Count is 0 or > Max)
        {
            faults.Add($"{where} needs between 1 and {Max} link addresses.");
        }

        faults.AddRange(addresses.Where(x => !IsAddress(x)).Select(x => $"{where}: the link address '{x}' is not of the form https://host:port."));
    }

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && uri.Host.Length > 0
        && uri.UserInfo.Length == 0
        && uri.PathAndQuery == "/"
        && uri.Fragment.Length == 0;
}

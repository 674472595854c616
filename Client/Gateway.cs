using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace FederatedOrleans.Client;

/// <summary>The address of a gateway as people write it.</summary>
internal sealed record Gateway(string Host, int Port)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out Gateway? gateway)
    {
        gateway = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        var host = text![..colon].Trim('[', ']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        gateway = new(host, port);
        return true;
    }

    public async Task<IEnumerable<IPEndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(Host, out var literal))
        {
            return [new(literal, Port)];
        }

        try
        {
            // Silos advertise IPv4 addresses; a name such as localhost gives both.
            var addresses = await Dns.GetHostAddressesAsync(Host, cancellationToken);
            return addresses.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .Take(1).Select(address => new IPEndPoint(address, Port));
        }
        catch (SocketException)
        {
            return [];
        }
    }
}

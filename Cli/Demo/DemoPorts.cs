using System.Net;
using System.Net.Sockets;

namespace FederatedOrleans.Cli.Demo;

/// <summary>Free ports on loopback, taken all at once so that none is given twice.</summary>
internal static class DemoPorts
{
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}

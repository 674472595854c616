using System.Net;
using System.Net.Sockets;

namespace FederatedOrleans.Storage;

/// <summary>Whether ports are free, asked before anything starts, so that all that are taken are named at once.</summary>
public static class PortCheck
{
    /// <summary>A sentence for each endpoint that can't be listened on.</summary>
    /// <param name="endpoints">Endpoints with what they are for.</param>
    public static IEnumerable<string> Faults(IEnumerable<(string Purpose, IPEndPoint Endpoint)> endpoints)
    {
        foreach (var (purpose, endpoint) in endpoints)
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            string? fault = null;
            try
            {
                socket.Bind(endpoint);
                socket.Listen(1);
            }
            catch (SocketException exception)
            {
                fault = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {endpoint.Port} for {purpose} is in use on {endpoint.Address}. End the program that listens there, or name another port."
                    : $"{endpoint} for {purpose} can't be listened on: {exception.Message}.";
            }

            if (fault is not null)
            {
                yield return fault;
            }
        }
    }
}

namespace FederatedOrleans.Operators;

/// <summary>The one local port on which an endpoint is served.</summary>
/// <param name="port">Tells the port, asked at each request: it may be known only once the server listens.</param>
internal sealed class BoundPort(Func<int> port)
{
    /// <summary>Whether a connection to <paramref name="localPort"/> may reach the endpoint.</summary>
    public bool Admits(int localPort) => port() == localPort;
}

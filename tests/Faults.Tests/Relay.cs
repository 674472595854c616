using System.Net;
using System.Net.Sockets;

namespace FederatedOrleans.Faults;

/// <summary>A bad line between hospitals and the Silo: TCP that is slow, late, and breaks in the middle of what it carries.</summary>
/// <remarks>It sees TLS records only, like any router.</remarks>
internal sealed class Relay : IAsyncDisposable
{
    private const int Piece = 16 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<(TcpClient Near, TcpClient Far)> _open = [];
    private readonly Lock _guard = new();
    private readonly Task _accepting;
    private int _target;
    private int _cuts;
    private long _toFar;
    private long _toNear;
    private volatile RelayTrouble _trouble = RelayTrouble.None;

    public Relay()
    {
        _listener.Start();
        _accepting = AcceptAsync(_ending.Token);
    }

    /// <summary>What it does to what it carries, from the next piece on.</summary>
    public RelayTrouble Trouble
    {
        get => _trouble;
        set => _trouble = value;
    }

    /// <summary>Connections that it has broken.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Bytes taken from those who call, to the port that it leads to.</summary>
    public long ToFar => Interlocked.Read(ref _toFar);

    /// <summary>Bytes taken from there, to those who call.</summary>
    public long ToNear => Interlocked.Read(ref _toNear);

    /// <summary>Leads to a port of this machine from now on.</summary>
    /// <returns>The port to call instead.</returns>
    public int LeadTo(int port)
    {
        Volatile.Write(ref _target, port);
        return ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>Breaks all connections that are open.</summary>
    public void CutAll()
    {
        lock (_guard)
        {
            foreach (var pair in _open)
            {
                Cut(pair);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        CutAll();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var near = await _listener.AcceptTcpClientAsync(cancellationToken);
            _ = CarryAsync(near, cancellationToken);
        }
    }

    private async Task CarryAsync(TcpClient near, CancellationToken cancellationToken)
    {
        using var far = new TcpClient();
        using (near)
        {
            var pair = (near, far);
            try
            {
                if (_trouble.IsDown)
                {
                    return;
                }

                await far.ConnectAsync(IPAddress.Loopback, Volatile.Read(ref _target), cancellationToken);
                near.NoDelay = far.NoDelay = true;
                lock (_guard)
                {
                    _open.Add(pair);
                }

                // Where one direction has ended, or broken, so has the other.
                await await Task.WhenAny(PumpAsync(near, far, pair, cancellationToken), PumpAsync(far, near, pair, cancellationToken));
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The line is down: so it is told to both ends.
            }
            finally
            {
                lock (_guard)
                {
                    _open.Remove(pair);
                }
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, (TcpClient Near, TcpClient Far) pair, CancellationToken cancellationToken)
    {
        var (source, target) = (from.GetStream(), to.GetStream());
        var buffer = new byte[Piece];
        var carried = 0L;
        while (await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            var trouble = _trouble;
            if (from == pair.Near)
            {
                Interlocked.Add(ref _toFar, read);
            }
            else
            {
                Interlocked.Add(ref _toNear, read);
            }

            if (trouble.DelayOf(read) is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay, cancellationToken);
            }

            carried += read;
            if (trouble.BreaksAfter is { } most && carried > most)
            {
                // In the middle of a piece: what came before it may have arrived or not.
                await target.WriteAsync(buffer.AsMemory(0, read / 2), cancellationToken);
                Interlocked.Increment(ref _cuts);
                Cut(pair);
                return;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static void Cut((TcpClient Near, TcpClient Far) pair)
    {
        foreach (var end in new[] { pair.Near, pair.Far })
        {
            try
            {
                // Resets instead of an orderly end.
                end.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It is broken already.
            }

            end.Dispose();
        }
    }
}

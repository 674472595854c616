using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FederatedOrleans.Faults;

/// <summary>A network namespace of Linux for one hospital: a wire to this machine, which can be slow, and on which packets can vanish.</summary>
/// <remarks>The kernel does it, below TCP: a partition refuses nothing and closes nothing, and both ends are told nothing of it.</remarks>
internal sealed partial class HospitalNamespace : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _near;
    private readonly string _far;

    private HospitalNamespace(string name, IPAddress address) =>
        (_name, _near, _far, Address) = (name, name + "-near", name + "-far", address);

    /// <summary>This machine's address as the hospital sees it.</summary>
    public IPAddress Address { get; }

    /// <summary>What comes before the command line of a process that is to live in it.</summary>
    public string[] Before => ["ip", "netns", "exec", _name];

    /// <summary>Why none can be made here, or null.</summary>
    public static string? Missing() => AsRoot.Missing("ip", "tc", "iptables", "ss");

    /// <summary>Makes one.</summary>
    /// <param name="speed">What the wire carries each way, as tc takes it.</param>
    public static async Task<HospitalNamespace> CreateAsync(string speed)
    {
        // Of the block for tests of networks (RFC 2544), four addresses for each process that tests.
        var number = Environment.ProcessId % (1 << 15);
        byte[] block = [198, 18, (byte)(number >> 6), (byte)((number & 63) << 2)];
        IPAddress At(byte host) => new([.. block[..3], (byte)(block[3] + host)]);
        var made = new HospitalNamespace(string.Create(CultureInfo.InvariantCulture, $"fo{number}"), At(1));
        try
        {
            await AsRoot.RunAsync("ip", "netns", "add", made._name);
            await AsRoot.RunAsync("ip", "link", "add", made._near, "type", "veth", "peer", "name", made._far, "netns", made._name);
            await AsRoot.RunAsync("ip", "address", "add", $"{made.Address}/30", "dev", made._near);
            await AsRoot.RunAsync("ip", "link", "set", made._near, "up");
            await made.InsideAsync("ip", "address", "add", $"{At(2)}/30", "dev", made._far);
            await made.InsideAsync("ip", "link", "set", made._far, "up");

            // The node's own silo listens on loopback.
            await made.InsideAsync("ip", "link", "set", "lo", "up");
            string[] slow = ["root", "tbf", "rate", speed, "burst", "32kbit", "latency", "400ms"];
            await AsRoot.RunAsync("tc", ["qdisc", "add", "dev", made._near, .. slow]);
            await made.InsideAsync("tc", ["qdisc", "add", "dev", made._far, .. slow]);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on no packet arrives, in either direction.</summary>
    public async Task PartitionAsync()
    {
        await InsideAsync("iptables", "-A", "INPUT", "-i", _far, "-j", "DROP");
        await InsideAsync("iptables", "-A", "OUTPUT", "-o", _far, "-j", "DROP");
    }

    /// <summary>Packets arrive again.</summary>
    /// <returns>How many have vanished, to the hospital and from it.</returns>
    public async Task<(long To, long From)> JoinAsync()
    {
        var vanished = (await VanishedAsync("INPUT"), await VanishedAsync("OUTPUT"));
        await InsideAsync("iptables", "-F");
        return vanished;
    }

    /// <summary>Connections of the hospital that are open, as far as its system knows.</summary>
    public async Task<int> OpenConnectionsAsync() =>
        (await InsideAsync("ss", "-Htn", "state", "established", "dst", Address.ToString())).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Takes everything away again: the rules go with the namespace, and one end of the wire with the other.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (kind, name) in new[] { ("link", _near), ("netns", _name) })
        {
            if (Regex.IsMatch(await AsRoot.RunAsync("ip", kind, "show"), $@"\b{name}\b", RegexOptions.NonBacktracking))
            {
                await AsRoot.RunAsync("ip", kind, "del", name);
            }
        }
    }

    private async Task<long> VanishedAsync(string chain) => Dropped()
        .Matches(await InsideAsync("iptables", "-L", chain, "-vxn"))
        .Sum(rule => long.Parse(rule.Groups["packets"].Value, CultureInfo.InvariantCulture));

    private Task<string> InsideAsync(string program, params string[] arguments) =>
        AsRoot.RunAsync("ip", ["netns", "exec", _name, program, .. arguments]);

    [GeneratedRegex(@"^\s*(?<packets>\d+)\s+\d+\s+DROP", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Dropped();
}

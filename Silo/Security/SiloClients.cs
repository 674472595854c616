using Orleans.Runtime;

namespace FederatedOrleans.Security;

/// <summary>Recognises the clients that silos of this cluster host for their own pages and services.</summary>
internal sealed class SiloClients(ILocalSiloDetails local, IClusterMembershipService membership)
{
    private const string HostedPrefix = "hosted-";

    public bool Contains(GrainId client)
    {
        var key = client.Key.ToString();
        if (key is null || !key.StartsWith(HostedPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var silo = key[HostedPrefix.Length..];
        return silo == local.SiloAddress.ToParsableString()
            || membership.CurrentSnapshot.Members.Values.Any(member =>
                member.Status is >= SiloStatus.Joining and < SiloStatus.Dead && silo == member.SiloAddress.ToParsableString());
    }
}

using System.Diagnostics.CodeAnalysis;

namespace FederatedOrleans.Link.Certificates;

/// <summary>What the validator found: an identity, or a refusal with its reason.</summary>
public sealed record LinkVerdict
{
    private LinkVerdict(LinkIdentity? identity, LinkRefusal? refusal, string reason)
    {
        Identity = identity;
        Refusal = refusal;
        Reason = reason;
    }

    /// <summary>Whether the certificate was accepted.</summary>
    [MemberNotNullWhen(true, nameof(Identity))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Identity is not null;

    /// <summary>Who it is; null when refused.</summary>
    public LinkIdentity? Identity { get; }

    /// <summary>Why it was refused; null when accepted.</summary>
    public LinkRefusal? Refusal { get; }

    /// <summary>The refusal in a plain sentence; empty when accepted. Holds nothing secret.</summary>
    public string Reason { get; }

    internal static LinkVerdict Accept(LinkIdentity identity) => new(identity, refusal: null, "");

    internal static LinkVerdict Refuse(LinkRefusal refusal, string reason) => new(identity: null, refusal, reason);
}

namespace FederatedOrleans.Link.Enrolment;

/// <summary>The JSON of an invitation.</summary>
internal sealed record InvitationDocument
{
    public required int Version { get; init; }

    public required string Federation { get; init; }

    public required string Hospital { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required string Authority { get; init; }

    public required string AuthorityFingerprint { get; init; }
}

using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>The JSON of a kit.</summary>
internal sealed record LinkKitDocument
{
    public required int Version { get; init; }

    public required string Federation { get; init; }

    public required LinkRole Role { get; init; }

    public string? Hospital { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required string AuthorityFingerprint { get; init; }

    /// <summary>The name that the kit is for; null, and faults, if the document is inconsistent.</summary>
    public LinkName? Check(string where, List<string> faults)
    {
        if (!LinkName.IsId(Federation) || (Role == LinkRole.Hospital) != LinkName.IsId(Hospital) || (Role == LinkRole.Silo && Hospital is not null))
        {
            faults.Add($"{where} doesn't name a federation and its Silo or one of its hospitals; an id is {Identifier.Rule}.");
            return null;
        }

        if (Role == LinkRole.Hospital)
        {
            LinkAddresses.Check(Addresses, where, faults);
            return LinkName.Hospital(Federation, Hospital!);
        }

        return LinkName.Silo(Federation);
    }
}

using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>What an operator hands to a hospital: whom to call and whom to trust. Holds nothing secret.</summary>
/// <remarks>Whoever can change the file can change the authority, so the fingerprint is also told by another way.</remarks>
public sealed record Invitation
{
    private Invitation(InvitationDocument document)
    {
        Hospital = LinkName.Hospital(document.Federation, document.Hospital);
        Addresses = [.. document.Addresses.Select(x => new Uri(x))];
        AuthorityPem = document.Authority;
        AuthorityFingerprint = document.AuthorityFingerprint;
    }

    /// <summary>The federation and the hospital's id in it.</summary>
    public LinkName Hospital { get; }

    /// <summary>Where the federation's Silos listen: 1 to 16 addresses <c>https://host:port</c>.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The authority's certificate as PEM.</summary>
    public string AuthorityPem { get; }

    /// <summary>The SHA-256 of the authority's certificate: 64 lower-case hexadecimal digits.</summary>
    public string AuthorityFingerprint { get; }

    /// <summary>Makes an invitation.</summary>
    /// <param name="federation">The federation's id.</param>
    /// <param name="hospital">The hospital's id.</param>
    /// <param name="addresses">1 to 16 addresses <c>https://host:port</c>.</param>
    /// <param name="authorityPem">The authority's certificate.</param>
    /// <exception cref="EnrolmentException">Something of it is malformed.</exception>
    public static Invitation Create(string federation, string hospital, IReadOnlyList<string> addresses, string authorityPem)
    {
        var fingerprint = CertificatePem.AuthorityFingerprint(authorityPem, "The authority's certificate");
        var document = new InvitationDocument
        {
            Version = EnrolmentJson.Version,
            Federation = federation,
            Hospital = hospital,
            Addresses = addresses,
            Authority = authorityPem,
            AuthorityFingerprint = fingerprint,
        };
        return Checked(document, "The invitation");
    }

    /// <summary>Makes an invitation and writes it to a new file.</summary>
    /// <param name="path">The file; never overwritten.</param>
    /// <param name="federation">The federation's id.</param>
    /// <param name="hospital">The hospital's id.</param>
    /// <param name="addresses">1 to 16 addresses <c>https://host:port</c>.</param>
    /// <param name="authorityPem">The authority's certificate.</param>
    /// <exception cref="EnrolmentException">Something of it is malformed, or the file exists.</exception>
    public static Invitation Write(string path, string federation, string hospital, IReadOnlyList<string> addresses, string authorityPem)
    {
        var invitation = Create(federation, hospital, addresses, authorityPem);
        EnrolmentFiles.WriteNew(path, invitation.ToJson(), EnrolmentFiles.Shared);
        return invitation;
    }

    /// <summary>Reads an invitation from its file.</summary>
    /// <exception cref="EnrolmentException">It is missing, malformed, or its fingerprint is not that of its certificate.</exception>
    public static Invitation Read(string path)
    {
        var faults = new List<string>();
        var json = EnrolmentFiles.Read(path, faults);
        EnrolmentException.ThrowIfAny(faults);
        return Parse(json!, path);
    }

    /// <summary>Reads an invitation from its text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="where">What to call it in a fault.</param>
    /// <exception cref="EnrolmentException">It is malformed, or its fingerprint is not that of its certificate.</exception>
    public static Invitation Parse(string json, string where = "The invitation")
    {
        var faults = new List<string>();
        var document = EnrolmentJson.Read<InvitationDocument>(json, where, faults);
        EnrolmentException.ThrowIfAny(faults);
        return Checked(document!, where);
    }

    /// <summary>The invitation as the text of its file.</summary>
    public string ToJson() => EnrolmentJson.Write(new InvitationDocument
    {
        Version = EnrolmentJson.Version,
        Federation = Hospital.Federation,
        Hospital = Hospital.HospitalId!,
        Addresses = [.. Addresses.Select(x => x.GetLeftPart(UriPartial.Authority))],
        Authority = AuthorityPem,
        AuthorityFingerprint = AuthorityFingerprint,
    });

    private static Invitation Checked(InvitationDocument document, string where)
    {
        var faults = new List<string>();
        if (!LinkName.IsId(document.Federation))
        {
            faults.Add($"{where}: the federation's id must be {Identifier.Rule}.");
        }

        if (!LinkName.IsId(document.Hospital))
        {
            faults.Add($"{where}: the hospital's id must be {Identifier.Rule}.");
        }

        LinkAddresses.Check(document.Addresses, where, faults);
        using var authority = CertificatePem.ReadAuthority(document.Authority, $"{where}, its authority,", faults);
        if (authority is not null && Fingerprint.OfCertificate(authority) != document.AuthorityFingerprint)
        {
            faults.Add($"{where} was changed: its fingerprint is not that of the authority's certificate in it.");
        }

        EnrolmentException.ThrowIfAny(faults);
        return new Invitation(document);
    }
}

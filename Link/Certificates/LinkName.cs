using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Link.Certificates;

/// <summary>The name that a certificate carries as a URI: <c>urn:fo:FEDERATION:silo</c> or <c>urn:fo:FEDERATION:hospital:ID</c>.</summary>
/// <remarks>Every instance is well formed: the ids follow <see cref="Identifier.Rule"/>, and only a hospital has a hospital id.</remarks>
public sealed record LinkName
{
    /// <summary>What every name of the product begins with.</summary>
    internal const string Prefix = "urn:fo:";

    private const string SiloPart = "silo";
    private const string HospitalPart = "hospital";

    private LinkName(string federation, LinkRole role, string? hospitalId)
    {
        Federation = federation;
        Role = role;
        HospitalId = hospitalId;
    }

    /// <summary>The federation's id.</summary>
    public string Federation { get; }

    /// <summary>The end of the link.</summary>
    public LinkRole Role { get; }

    /// <summary>The hospital's id; null for the Silo.</summary>
    public string? HospitalId { get; }

    /// <summary>The name as it stands in a certificate.</summary>
    public string Uri => HospitalId is null ? $"{Prefix}{Federation}:{SiloPart}" : $"{Prefix}{Federation}:{HospitalPart}:{HospitalId}";

    /// <summary>The name of a federation's Silo.</summary>
    /// <exception cref="ArgumentException">The federation's id is malformed.</exception>
    public static LinkName Silo(string federation) => new(Checked(federation, nameof(federation)), LinkRole.Silo, hospitalId: null);

    /// <summary>The name of a hospital in a federation.</summary>
    /// <exception cref="ArgumentException">An id is malformed.</exception>
    public static LinkName Hospital(string federation, string hospitalId) =>
        new(Checked(federation, nameof(federation)), LinkRole.Hospital, Checked(hospitalId, nameof(hospitalId)));

    /// <summary>The name of a hospital; false if an id is malformed.</summary>
    public static bool TryHospital(string federation, string? hospitalId, [NotNullWhen(true)] out LinkName? name)
    {
        name = IsId(federation) && IsId(hospitalId) ? new(federation, LinkRole.Hospital, hospitalId) : null;
        return name is not null;
    }

    /// <summary>The one name that a certificate carries; null where it carries none, several, or a malformed one. Says nothing of who signed it.</summary>
    public static LinkName? Of(X509Certificate2 certificate)
    {
        try
        {
            return UriNames.ReadOne(certificate.Extensions);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>Reads a name from its URI; anything but the exact form is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? uri, [NotNullWhen(true)] out LinkName? name)
    {
        name = null;
        if (uri is null || !uri.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = uri[Prefix.Length..].Split(':');
        if (!Array.TrueForAll(parts, IsId))
        {
            return false;
        }

        name = parts switch
        {
            [var federation, SiloPart] => new(federation, LinkRole.Silo, hospitalId: null),
            [var federation, HospitalPart, var hospital] => new(federation, LinkRole.Hospital, hospital),
            _ => null,
        };
        return name is not null;
    }

    /// <summary>The name for a person: "the Silo of heart-study", "hospital st-anna of heart-study".</summary>
    public override string ToString() => HospitalId is null ? $"the Silo of {Federation}" : $"hospital {HospitalId} of {Federation}";

    /// <summary>Whether a text is an id and nothing else.</summary>
    /// <remarks>A regular expression's <c>$</c> also matches before a final line feed, which a certificate's name may hold.</remarks>
    internal static bool IsId(string? text) => Identifier.IsValid(text) && !text!.EndsWith('\n');

    private static string Checked(string id, string parameter) =>
        IsId(id) ? id : throw new ArgumentException($"An id is {Identifier.Rule}.", parameter);
}

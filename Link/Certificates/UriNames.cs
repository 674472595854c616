using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace FederatedOrleans.Link.Certificates;

/// <summary>Reads the names of the product from subject alternative name extensions; the platform's type leaves URIs out.</summary>
internal static class UriNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Every URI that claims to be a name of the product, well formed or not, in the order of the extensions.</summary>
    /// <remarks>The claim is read without regard to case, so that a second name can't hide in another spelling.</remarks>
    /// <exception cref="AsnContentException">An extension is malformed.</exception>
    public static IReadOnlyList<string> Read(IEnumerable<X509Extension> extensions)
    {
        var names = new List<string>();
        foreach (var extension in extensions.Where(x => x.Oid?.Value == SubjectAlternativeName))
        {
            var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (sequence.HasData)
            {
                if (!sequence.PeekTag().HasSameClassAndValue(UriTag))
                {
                    sequence.ReadEncodedValue();
                    continue;
                }

                var uri = sequence.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
                if (uri.StartsWith(LinkName.Prefix, StringComparison.OrdinalIgnoreCase))
                {
                    names.Add(uri);
                }
            }
        }

        return names;
    }

    /// <summary>The one name of the product among the extensions; null where there is none, a second one or a malformed one.</summary>
    /// <exception cref="AsnContentException">An extension is malformed.</exception>
    public static LinkName? ReadOne(IEnumerable<X509Extension> extensions) =>
        Read(extensions) is [var uri] && LinkName.TryParse(uri, out var name) ? name : null;
}

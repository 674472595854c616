using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>What a kit's folder holds apart from the certificate, read and checked as far as it is there.</summary>
internal sealed class LinkKitParts : IDisposable
{
    public const string DocumentFile = "kit.json";
    public const string AuthorityFile = "ca.pem";
    public const string KeyFile = "node.key";
    public const string RequestFile = "request.pem";
    public const string CertificateFile = "node.pem";

    private LinkKitParts(LinkKitDocument? document, LinkName? name, X509Certificate2? authority, ECDsa? key)
    {
        Document = document;
        Name = name;
        Authority = authority;
        Key = key;
    }

    public LinkKitDocument? Document { get; }

    public LinkName? Name { get; }

    /// <summary>The authority; null also where it isn't the pinned one.</summary>
    public X509Certificate2? Authority { get; }

    public ECDsa? Key { get; }

    /// <summary>Reads a folder, adding every fault that it finds.</summary>
    public static LinkKitParts Read(string folder, List<string> faults)
    {
        if (!Directory.Exists(folder))
        {
            throw new EnrolmentException($"There is no kit in {folder}: the folder doesn't exist.");
        }

        EnrolmentFiles.CheckPrivate(folder, faults);
        var documentPath = Path.Combine(folder, DocumentFile);
        var json = EnrolmentFiles.Read(documentPath, faults);
        var document = json is null ? null : EnrolmentJson.Read<LinkKitDocument>(json, documentPath, faults);
        var name = document?.Check(documentPath, faults);
        var authority = ReadAuthority(Path.Combine(folder, AuthorityFile), document, faults);
        var key = PrivateKeyPem.Read(Path.Combine(folder, KeyFile), faults);
        return new LinkKitParts(document, name, authority, key);
    }

    /// <summary>Checks a certificate against everything that is there.</summary>
    /// <returns>Whom it proves; null if there is any fault.</returns>
    public LinkIdentity? Check(X509Certificate2 certificate, TimeProvider time, List<string> faults)
    {
        var before = faults.Count;
        if (Key is not null && !KeyMatch.Matches(certificate, Key))
        {
            faults.Add("The certificate doesn't belong to the key of this kit.");
        }

        if (Authority is null || Name is null)
        {
            return null;
        }

        var validator = new LinkCertificateValidator([Authority], Name.Federation, Name.Role, time);
        var (identity, refusals) = validator.Judge(certificate);
        faults.AddRange(refusals.Select(x => x.Reason));
        if (identity is not null && identity.Name != Name)
        {
            faults.Add($"The certificate is that of {identity.Name}; this kit is for {Name}.");
        }

        return faults.Count == before ? identity : null;
    }

    public void Dispose()
    {
        Authority?.Dispose();
        Key?.Dispose();
    }

    private static X509Certificate2? ReadAuthority(string path, LinkKitDocument? document, List<string> faults)
    {
        if (EnrolmentFiles.Read(path, faults) is not { } pem || CertificatePem.ReadAuthority(pem, path, faults) is not { } authority)
        {
            return null;
        }

        if (document is null || Fingerprint.OfCertificate(authority) == document.AuthorityFingerprint)
        {
            return authority;
        }

        faults.Add($"{path} is not the authority that this kit was made for: its fingerprint differs from the one in {DocumentFile}.");
        authority.Dispose();
        return null;
    }
}

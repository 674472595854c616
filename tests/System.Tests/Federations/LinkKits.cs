using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Federations;

/// <summary>Identities for the link that the federation's operator would not give out like this.</summary>
internal static class LinkKits
{
    /// <summary>A hospital's kit, certified by an authority's folder, whatever its certificate is worth.</summary>
    /// <param name="folder">New folder of the kit.</param>
    /// <param name="authority">Folder of the authority.</param>
    /// <param name="hospital">The hospital's id.</param>
    /// <param name="port">Port that the kit calls.</param>
    /// <param name="lifetime">Life of the certificate; the usual one by default.</param>
    public static string Make(string folder, string authority, string hospital, int port, TimeSpan? lifetime = null)
    {
        using var signer = CertificateAuthority.Load(authority, TimeProvider.System);
        var request = LinkKit.Create(
            folder, Invitation.Create(signer.Federation, hospital, [$"https://127.0.0.1:{port}"], signer.CertificatePem));
        File.WriteAllText(CertificateOf(folder), signer.SignForHospital(File.ReadAllText(request), lifetime).Pem);
        return folder;
    }

    public static string CertificateOf(string kit) => Path.Combine(kit, "node.pem");

    public static string KeyOf(string kit) => Path.Combine(kit, "node.key");
}

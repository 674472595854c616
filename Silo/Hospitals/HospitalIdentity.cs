using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Hospitals;

/// <summary>The hospital behind a request of the link: from the verified certificate alone.</summary>
/// <param name="Hospital">Hospital id.</param>
/// <param name="Fingerprint">Fingerprint of the public key.</param>
internal sealed record HospitalIdentity(string Hospital, string Fingerprint)
{
    private static readonly object Item = new();

    public static HospitalIdentity Of(HttpContext context) =>
        context.Items[Item] as HospitalIdentity ?? throw new InvalidOperationException("The link's middleware has not run.");

    public static void Set(HttpContext context, LinkIdentity identity) =>
        context.Items[Item] = new HospitalIdentity(identity.HospitalId!, identity.PublicKeyFingerprint);
}

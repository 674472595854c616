namespace FederatedOrleans.Hospitals;

/// <summary>A public key that a hospital may use.</summary>
/// <param name="Fingerprint">SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hexadecimal digits.</param>
/// <param name="NotBefore">From when.</param>
/// <param name="NotAfter">Until when.</param>
[GenerateSerializer, Immutable, Alias("fo.HospitalKey")]
public sealed record HospitalKey(
    [property: Id(0)] string Fingerprint, [property: Id(1)] DateTimeOffset NotBefore, [property: Id(2)] DateTimeOffset NotAfter);

using System.Security.Cryptography;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>Private keys as PKCS#8 PEM.</summary>
internal static class PrivateKeyPem
{
    /// <summary>Makes a P-256 key.</summary>
    public static ECDsa Create() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A key as PEM with a line feed at its end.</summary>
    public static string Write(ECDsa key) => key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Reads a key from its file, which must be private; null, and faults, if that fails.</summary>
    public static ECDsa? Read(string path, List<string> faults)
    {
        EnrolmentFiles.CheckPrivate(path, faults);
        if (EnrolmentFiles.Read(path, faults) is not { } pem)
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            key.Dispose();
            faults.Add($"{path} holds no elliptic-curve private key in PEM.");
            return null;
        }
    }
}

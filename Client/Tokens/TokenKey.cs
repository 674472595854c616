using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace FederatedOrleans.Tokens;

/// <summary>The private key (ECDSA, P-256) that signs a federation's tokens. Who holds it is the federation's operator.</summary>
public sealed class TokenKey : IDisposable
{
    /// <summary>Name of the private key's file in a key folder: PKCS#8 PEM, readable by its owner only.</summary>
    public const string PrivateFileName = "token.key";

    /// <summary>Name of the public key's file in a key folder: SubjectPublicKeyInfo PEM; all that a silo needs.</summary>
    public const string PublicFileName = "token.pub.pem";

    private readonly ECDsa _key;

    private TokenKey(ECDsa key) => _key = key;

    internal SigningCredentials Credentials => new(new ECDsaSecurityKey(_key), SecurityAlgorithms.EcdsaSha256)
    {
        // The cache would outlive the key.
        CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
    };

    /// <summary>The public key as PEM text.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>A new key, in memory only.</summary>
    public static TokenKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Makes a new key in a folder, which is made where it is missing.</summary>
    /// <exception cref="FederationException">The folder holds a key already: it is never overwritten, or every issued token would be void.</exception>
    public static void CreateIn(string folder)
    {
        using var key = Create();
        var privateFile = Path.Combine(folder, PrivateFileName);
        try
        {
            Directory.CreateDirectory(folder);
            SecretFile.Create(privateFile, key._key.ExportPkcs8PrivateKeyPem() + "\n");
            File.WriteAllText(Path.Combine(folder, PublicFileName), key.PublicPem, new UTF8Encoding(false));
        }
        catch (IOException failure) when (File.Exists(privateFile))
        {
            throw new FederationException(
                $"{privateFile} is there already and is never overwritten: use it, or name another folder.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FederationException($"No key could be made in {folder}: {failure.Message}", failure);
        }
    }

    /// <summary>Loads the private key of a folder.</summary>
    /// <exception cref="FederationException">There is no such file, or it holds no P-256 private key.</exception>
    public static TokenKey LoadFrom(string folder)
    {
        var file = Path.Combine(folder, PrivateFileName);
        try
        {
            return new(Import(File.ReadAllText(file)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FederationException($"{file} can't be read: make a key with 'fed token init', or name its folder.", failure);
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            throw new FederationException($"{file} holds no private key of the curve P-256 as PEM.", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal static ECDsa Import(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? key
                : throw new CryptographicException("The key is of another curve than P-256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}

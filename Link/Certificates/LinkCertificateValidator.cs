using System.Security.Cryptography.X509Certificates;

namespace FederatedOrleans.Link.Certificates;

/// <summary>Decides whether a certificate proves an end of the link.</summary>
/// <remarks>
/// Trusts the pinned authorities and nothing else: no roots of the operating system, no intermediates, no downloads, no host names.
/// Who it is follows from the one URI name alone. Safe for use by many threads.
/// </remarks>
public sealed class LinkCertificateValidator
{
    private const X509ChainStatusFlags Misuse =
        X509ChainStatusFlags.NotValidForUsage | X509ChainStatusFlags.InvalidBasicConstraints | X509ChainStatusFlags.InvalidExtension
        | X509ChainStatusFlags.InvalidPolicyConstraints | X509ChainStatusFlags.InvalidNameConstraints
        | X509ChainStatusFlags.HasNotSupportedCriticalExtension;

    // A valid chain is the certificate and the authority that signed it.
    private const int ChainLength = 2;

    private readonly X509Certificate2[] _authorities;
    private readonly string _federation;
    private readonly LinkRole _expected;
    private readonly TimeProvider _time;

    /// <summary>Makes a validator for one kind of peer.</summary>
    /// <param name="authorities">The pinned authorities, at least one; two while an authority is replaced. Copied.</param>
    /// <param name="federation">The federation that the peer must belong to.</param>
    /// <param name="expected">The end that the peer must be.</param>
    /// <param name="time">Says what time it is.</param>
    /// <exception cref="ArgumentException">There is no authority, or the federation's id is malformed.</exception>
    public LinkCertificateValidator(IReadOnlyCollection<X509Certificate2> authorities, string federation, LinkRole expected, TimeProvider time)
    {
        if (authorities.Count == 0)
        {
            throw new ArgumentException("Without a pinned authority nobody could be trusted.", nameof(authorities));
        }

        // Copies, so that the owner may dispose of a kit while connections still come in.
        _authorities = [.. authorities.Select(x => X509CertificateLoader.LoadCertificate(x.RawData))];
        _federation = LinkName.Silo(federation).Federation;
        _expected = expected;
        _time = time;
    }

    /// <summary>Judges a peer's certificate. Never throws: what can't be read is refused.</summary>
    /// <param name="peer">The certificate that the peer proved to hold the key of; null if it showed none.</param>
    public LinkVerdict Validate(X509Certificate2? peer)
    {
        if (peer is null)
        {
            return LinkVerdict.Refuse(LinkRefusal.NoCertificate, "The other end showed no certificate.");
        }

        var (identity, refusals) = Judge(peer);
        return identity is null ? refusals[0] : LinkVerdict.Accept(identity);
    }

    /// <summary>Who the peer is, or all that speaks against its certificate, the gravest first.</summary>
    internal (LinkIdentity? Identity, IReadOnlyList<LinkVerdict> Refusals) Judge(X509Certificate2 peer)
    {
        var refusals = new List<LinkVerdict>();
        try
        {
            CheckChain(peer, refusals);
            CheckName(peer, refusals);
            return (refusals.Count == 0 ? Identify(peer) : null, refusals);
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // The bytes are a stranger's: whatever the platform's parsers make of them ends here, as a refusal.
            refusals.Add(LinkVerdict.Refuse(LinkRefusal.NoIdentity, "The certificate can't be read."));
            return (null, refusals);
        }
    }

    private static LinkIdentity Identify(X509Certificate2 peer) =>
        new(UriNames.ReadOne(peer.Extensions)!, Fingerprint.OfPublicKey(peer), Utc(peer.NotBefore), Utc(peer.NotAfter));

    private static string Word(LinkRole role) => role == LinkRole.Silo ? "Silo" : "hospital";

    private static DateTimeOffset Utc(DateTime local) => new(local.ToUniversalTime(), TimeSpan.Zero);

    private void CheckName(X509Certificate2 peer, List<LinkVerdict> refusals)
    {
        var name = UriNames.ReadOne(peer.Extensions);
        if (name is null)
        {
            Refuse(LinkRefusal.NoIdentity, "The certificate doesn't carry exactly one well-formed name of a federation's member.");
            return;
        }

        if (name.Federation != _federation)
        {
            Refuse(LinkRefusal.OtherFederation, $"The certificate belongs to the federation {name.Federation}, not to {_federation}.");
        }

        if (name.Role != _expected)
        {
            Refuse(LinkRefusal.WrongRole, $"The certificate is that of {name}, where that of a {Word(_expected)} is needed.");
        }

        if (LinkUsage.Fault(peer, _expected) is { } misuse)
        {
            Refuse(LinkRefusal.WrongUsage, misuse);
        }

        void Refuse(LinkRefusal refusal, string reason) => refusals.Add(LinkVerdict.Refuse(refusal, reason));
    }

    private void CheckChain(X509Certificate2 peer, List<LinkVerdict> refusals)
    {
        var now = _time.GetUtcNow();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        try
        {
            var flags = chain.Build(peer)
                ? X509ChainStatusFlags.NoError
                : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (sum, status) => sum | status.Status);
            var rest = flags & ~(Misuse | X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested);
            if (rest != X509ChainStatusFlags.NoError || !EndsAtPin(chain))
            {
                refusals.Add(LinkVerdict.Refuse(LinkRefusal.OtherAuthority, "The certificate was not signed by the federation's authority."));
            }

            // Read from the dates, not from the flags: they say which of the two it is, and whose.
            CheckTime(peer, "certificate", now, refusals);
            if (chain.ChainElements.Count == ChainLength)
            {
                CheckTime(chain.ChainElements[^1].Certificate, "authority's own certificate", now, refusals);
            }

            if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid) && refusals.Count == 0)
            {
                refusals.Add(LinkVerdict.Refuse(LinkRefusal.Expired, "The certificate isn't valid at this time."));
            }

            if ((flags & Misuse) != X509ChainStatusFlags.NoError)
            {
                refusals.Add(LinkVerdict.Refuse(LinkRefusal.WrongUsage, "The certificate breaks a constraint of itself or of its authority."));
            }
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static void CheckTime(X509Certificate2 certificate, string what, DateTimeOffset now, List<LinkVerdict> refusals)
    {
        if (now < Utc(certificate.NotBefore))
        {
            refusals.Add(LinkVerdict.Refuse(LinkRefusal.NotYetValid, $"The {what} is valid only from {Utc(certificate.NotBefore):u}; here it is {now:u}."));
        }
        else if (now >= Utc(certificate.NotAfter))
        {
            refusals.Add(LinkVerdict.Refuse(LinkRefusal.Expired, $"The {what} expired on {Utc(certificate.NotAfter):u}."));
        }
    }

    private bool EndsAtPin(X509Chain chain) =>
        chain.ChainElements.Count == ChainLength
        && Array.Exists(_authorities, x => x.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));
}

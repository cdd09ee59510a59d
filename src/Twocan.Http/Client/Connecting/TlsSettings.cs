using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>Whom a client believes.</summary>
public sealed record TlsSettings
{
    /// <summary>Anybody: the talk is secret then, but with whom nobody knows.</summary>
    public bool AcceptsAnybody { get; init; }

    /// <summary>Whose signature is believed; null is whom this machine believes.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}

/// <summary>The client's part of a TLS handshake, and what is wrong with a certificate in words.</summary>
internal sealed class ClientHandshake(TlsSettings settings, string host, DateTimeOffset now)
{
    private static readonly List<SslApplicationProtocol> s_protocols = [SslApplicationProtocol.Http11];

    private string? _wrong;

    /// <summary>What the server showed, and who vouches for it.</summary>
    public IReadOnlyList<ShownCertificate> Certificates { get; private set; } = [];

    /// <summary>Somebody whom the client knows vouches for the server.</summary>
    public bool IsProven { get; private set; }

    public async ValueTask<TlsStream> RunAsync(TcpStream tcp, CancellationToken stop)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // Nothing is fetched on the side, by another network than this one.
            DisableCertificateDownloads = true,
            // In a world it is what time it is there.
            VerificationTime = now.UtcDateTime,
        };
        if (settings.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ApplicationProtocols = s_protocols,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                IsProven = errors == SslPolicyErrors.None;
                Certificates = [.. chain?.ChainElements.Select(static it => ShownCertificate.Of(it.Certificate)) ?? []];
                _wrong = settings.AcceptsAnybody ? null : WhatIsWrong(certificate as X509Certificate2, chain, errors);
                return _wrong is null;
            },
        };
        try
        {
            return await TlsStream.AuthenticateAsClientAsync(tcp, options, stop);
        }
        catch (TlsException failure)
        {
            throw new TlsException(_wrong ?? failure.Message, failure);
        }
    }

    private string? WhatIsWrong(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        if (certificate is null)
            return "the server showed no certificate";
        var (begins, ends) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (ends < now.UtcDateTime)
            return $"its certificate ended on {ends:yyyy-MM-dd}";
        if (begins > now.UtcDateTime)
            return $"its certificate begins only on {begins:yyyy-MM-dd}";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"its certificate is for {NamesOf(certificate)}, and not for {host}";
        if (certificate.Subject == certificate.Issuer)
            return $"its certificate is signed by nobody but itself ({certificate.Subject})";
        var last = chain?.ChainElements is [.., var element] ? element.Certificate.Issuer : certificate.Issuer;
        return $"its certificate is signed by {last}, whom nobody here knows";
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = ShownCertificate.NamesOf(certificate).Take(4).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.Subject;
    }
}

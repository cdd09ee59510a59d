using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// A certificate that is made on the spot and signed by nobody but itself: good for who is shown it beforehand.
/// <para>RSA and not elliptic curves, since its signatures are all of one length: in a world the same handshake then takes the same time.</para>
/// </summary>
public static class OwnCertificate
{
    private const int KeyBits = 2048;
    private const int MaxDays = 398;

    /// <param name="names">Host names or addresses that it is good for; the first is what it is called.</param>
    /// <param name="now">It is good from the day before on, for about as long as browsers let a certificate be.</param>
    public static X509Certificate2 Make(IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN=\"{names[0].Replace("\"", "", StringComparison.Ordinal)}\""),
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IpAddress.TryParse(name.Trim('[', ']'), out var address))
                alternatives.AddIpAddress(System.Net.IPAddress.Parse(address.ToString()));
            else
                alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        // It signs itself, and so is its own authority.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false)
        );
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(MaxDays));
        // With its key inside, as the server's side of a handshake wants it.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

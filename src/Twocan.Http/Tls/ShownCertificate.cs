using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Twocan.Http;

/// <summary>What a certificate says to somebody who reads it.</summary>
/// <param name="Names">Whose it is: the names and addresses that it is good for.</param>
/// <param name="Key"><c>ECDSA 256</c>: what its owner signs with.</param>
public sealed record ShownCertificate(
    string Subject,
    string Issuer,
    IReadOnlyList<string> Names,
    DateTimeOffset Begins,
    DateTimeOffset Ends,
    string Key
)
{
    public bool IsSelfSigned => Subject == Issuer;

    public static ShownCertificate Of(X509Certificate2 certificate) =>
        new(
            certificate.Subject,
            certificate.Issuer,
            NamesOf(certificate),
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            KeyOf(certificate)
        );

    internal static IReadOnlyList<string> NamesOf(X509Certificate2 certificate) =>
        [
            .. certificate
                .Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(static names =>
                    names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(static one => one.ToString()))
                ),
        ];

    private static string KeyOf(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? key =
            (AsymmetricAlgorithm?)certificate.GetECDsaPublicKey() ?? certificate.GetRSAPublicKey();
        return key switch
        {
            ECDsa curve => $"ECDSA {curve.KeySize}",
            RSA rsa => $"RSA {rsa.KeySize}",
            _ => certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "",
        };
    }
}

using System.Text;

namespace Twocan.Http;

/// <summary>Who asks.</summary>
public sealed record Credentials(string User, string Password)
{
    /// <summary>Those of <c>http://user:password@host/</c>; null when it names nobody.</summary>
    public static Credentials? Of(Url url) =>
        url.HasCredentials
            ? new(
                Encoding.UTF8.GetString(PercentEncoding.Decode(url.Username)),
                Encoding.UTF8.GetString(PercentEncoding.Decode(url.Password))
            )
            : null;

    /// <summary>RFC 7617: user and password with a colon between them, as UTF-8 in Base64.</summary>
    public string Basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <summary>A password is nobody else's business.</summary>
    public override string ToString() => $"{User}:…";
}

/// <summary>How a client says who it is.</summary>
public enum AuthenticationScheme
{
    /// <summary>Basic with the first request, as everybody does who is given a password; Digest where it is asked for.</summary>
    Any,

    /// <summary>Only ever Digest: the password itself is told to nobody.</summary>
    Digest,
}

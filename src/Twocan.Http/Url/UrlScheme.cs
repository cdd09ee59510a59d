using Twocan.Core;

namespace Twocan.Http;

/// <summary>The special schemes (URL Standard §4.2): those that a browser has always known, with rules of their own.</summary>
internal static class UrlScheme
{
    public const string File = "file";

    public static bool IsSpecial(string scheme) => scheme is "http" or "https" or "ws" or "wss" or "ftp" or File;

    public static Port? DefaultPort(string scheme) =>
        scheme switch
        {
            "http" or "ws" => Port.Http,
            "https" or "wss" => new Port(443),
            "ftp" => new Port(21),
            _ => null,
        };
}

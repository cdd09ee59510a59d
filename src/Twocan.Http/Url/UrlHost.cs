using Twocan.Core;

namespace Twocan.Http;

public enum UrlHostKind
{
    /// <summary>There is no host at all: <c>mailto:</c>.</summary>
    None,

    /// <summary>There is a place for one, with nothing in it: <c>file:///</c>.</summary>
    Empty,

    Domain,
    Ipv4,
    Ipv6,

    /// <summary>A name that only its scheme understands.</summary>
    Opaque,
}

/// <summary>A URL's host: a name, or an address (URL Standard §3.1).</summary>
public sealed record UrlHost
{
    internal static readonly UrlHost None = new(UrlHostKind.None, "", null);

    internal static readonly UrlHost Empty = new(UrlHostKind.Empty, "", null);

    private UrlHost(UrlHostKind kind, string text, IpAddress? address) => (Kind, Text, Address) = (kind, text, address);

    public UrlHostKind Kind { get; }

    /// <summary>As it stands in a URL and in a Host field: an IPv6 address in its brackets.</summary>
    public string Text { get; }

    /// <summary>The address, when the host is one.</summary>
    public IpAddress? Address { get; }

    /// <summary>What a resolver is asked for: the name, or the address without brackets.</summary>
    public string Name => Kind == UrlHostKind.Ipv6 ? Text.Substring(1, Text.Length - 2) : Text;

    /// <summary>As people read it: <c>한글.kr</c>, not <c>xn--bj0bj06e.kr</c>.</summary>
    public string Display => Kind == UrlHostKind.Domain ? Idna.ToUnicode(Text) : Text;

    public override string ToString() => Text;

    internal static UrlHost Domain(string name) => new(UrlHostKind.Domain, name, null);

    internal static UrlHost Opaque(string text) => text.Length == 0 ? Empty : new(UrlHostKind.Opaque, text, null);

    internal static UrlHost Ipv4(IpAddress address) => new(UrlHostKind.Ipv4, address.ToString(), address);

    internal static UrlHost Ipv6(IpAddress address) => new(UrlHostKind.Ipv6, $"[{Ipv6Text.Format(address)}]", address);
}

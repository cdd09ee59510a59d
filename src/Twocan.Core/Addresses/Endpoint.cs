using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twocan.Core;

/// <summary>A port number: which program of a host is meant.</summary>
public readonly record struct Port(ushort Number) : IComparable<Port>
{
    /// <summary>Zero: 'choose one for me'.</summary>
    public static readonly Port Any;
    public static readonly Port Domain = new(53);
    public static readonly Port Http = new(80);
    public static readonly Port HttpProxy = new(3128);

    public int CompareTo(Port other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An address and a port: one end of a conversation.</summary>
public readonly record struct Endpoint(IpAddress Address, Port Port)
{
    public Endpoint(IpAddress address, ushort port)
        : this(address, new Port(port)) { }

    /// <summary>
    /// The number of the link (of the adapter, from 1 on) on which a link-local address is meant: sin6_scope_id. 0 is the
    /// first, and what all other addresses have.
    /// </summary>
    public int Scope { get; init; }

    /// <summary>Any IPv4 address of mine, any port.</summary>
    public static readonly Endpoint Any = new(IpAddress.Any, Port.Any);

    /// <summary>Reads <c>10.11.12.13:80</c> or <c>[2001:db8::1]:80</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Endpoint endpoint) =>
        TryParse(text.AsSpan(), out endpoint);

    public static bool TryParse(ReadOnlySpan<char> text, out Endpoint endpoint)
    {
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (
            colon < 1
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        )
            return false;
        var host = text[..colon];
        var bracketed = host[0] == '[' && host[^1] == ']';
        if (bracketed)
            host = host[1..^1];
        if (bracketed != host.Contains(':') || !IpAddress.TryParse(host, out var address))
            return false;
        endpoint = new(address, port);
        return true;
    }

    /// <summary>Without allocating, but for an address with a scope.</summary>
    public bool TryFormat(Span<char> into, out int written)
    {
        if (Address.IsV4 || Scope == 0)
            return AddressText.TryWrite(Address, Address.IsV4 ? ":" : "]:", Port.Number, into, out written);
        var text = ToString();
        written = text.TryCopyTo(into) ? text.Length : 0;
        return written > 0;
    }

    public override string ToString() =>
        Address.IsV4 ? $"{Address}:{Port}"
        : Scope == 0 ? $"[{Address}]:{Port}"
        : $"[{Address}%{Scope}]:{Port}";
}

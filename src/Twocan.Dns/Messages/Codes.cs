using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twocan.Dns;

/// <summary>The type of a resource record, or what a question asks for.</summary>
public readonly record struct RecordType(ushort Number)
{
    public static readonly RecordType A = new(1);
    public static readonly RecordType NS = new(2);
    public static readonly RecordType CNAME = new(5);
    public static readonly RecordType SOA = new(6);
    public static readonly RecordType PTR = new(12);
    public static readonly RecordType MX = new(15);
    public static readonly RecordType TXT = new(16);
    public static readonly RecordType AAAA = new(28);
    public static readonly RecordType OPT = new(41);
    public static readonly RecordType DS = new(43);
    public static readonly RecordType IXFR = new(251);
    public static readonly RecordType AXFR = new(252);
    public static readonly RecordType ANY = new(255);

    private static readonly (RecordType Type, string Name)[] Names =
    [
        (A, "A"),
        (NS, "NS"),
        (CNAME, "CNAME"),
        (SOA, "SOA"),
        (PTR, "PTR"),
        (MX, "MX"),
        (TXT, "TXT"),
        (AAAA, "AAAA"),
        (OPT, "OPT"),
        (DS, "DS"),
        (IXFR, "IXFR"),
        (AXFR, "AXFR"),
        (ANY, "ANY"),
    ];

    public bool IsAddress => this == A || this == AAAA;

    /// <summary>Only in questions and in transit, never in a zone (RFC 6895 §3.1).</summary>
    public bool IsMeta => Number is 0 or 41 or (>= 128 and <= 255);

    /// <summary>Reads a mnemonic in any case, or <c>TYPE65280</c> (RFC 3597 §5).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RecordType type)
    {
        type = default;
        return text is not null && TryParse(text.AsSpan(), out type);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        foreach (var (known, name) in Names)
        {
            if (!text.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            type = known;
            return true;
        }
        type = default;
        if (
            !text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)
            || !ushort.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return false;
        type = new(number);
        return true;
    }

    public override string ToString()
    {
        foreach (var (known, name) in Names)
        {
            if (known == this)
                return name;
        }
        return $"TYPE{Number}";
    }
}

/// <summary>The class of a record: always IN, the Internet, but for museums and for meta-questions.</summary>
public readonly record struct RecordClass(ushort Number)
{
    public static readonly RecordClass IN = new(1);
    public static readonly RecordClass CH = new(3);
    public static readonly RecordClass HS = new(4);
    public static readonly RecordClass NONE = new(254);
    public static readonly RecordClass ANY = new(255);

    private static readonly (RecordClass Class, string Name)[] Names =
    [
        (IN, "IN"),
        (CH, "CH"),
        (HS, "HS"),
        (NONE, "NONE"),
        (ANY, "ANY"),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out RecordClass @class)
    {
        foreach (var (known, name) in Names)
        {
            if (!text.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            @class = known;
            return true;
        }
        @class = default;
        if (
            !text.StartsWith("CLASS", StringComparison.OrdinalIgnoreCase)
            || !ushort.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return false;
        @class = new(number);
        return true;
    }

    public override string ToString()
    {
        foreach (var (known, name) in Names)
        {
            if (known == this)
                return name;
        }
        return $"CLASS{Number}";
    }
}

/// <summary>What kind of request a message is (RFC 1035 §4.1.1).</summary>
public enum Opcode
{
    Query = 0,
    InverseQuery = 1,
    Status = 2,
    Notify = 4,
    Update = 5,
}

/// <summary>How a request ended. Above 15 the upper eight bits travel in the OPT record (RFC 6891 §6.1.3).</summary>
public enum Rcode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    YxDomain = 6,
    YxRrset = 7,
    NxRrset = 8,
    NotAuth = 9,
    NotZone = 10,
    BadVersion = 16,
}

/// <summary>The header's one-bit fields, where they lie in its second word.</summary>
[Flags]
public enum DnsFlags
{
    None = 0,

    /// <summary>This is a response.</summary>
    QR = 0x8000,

    /// <summary>The server is the zone's own: authoritative answer.</summary>
    AA = 0x0400,

    /// <summary>Not all of it fitted: truncated.</summary>
    TC = 0x0200,

    /// <summary>Please go and find out: recursion desired.</summary>
    RD = 0x0100,

    /// <summary>I do that: recursion available.</summary>
    RA = 0x0080,

    /// <summary>Authentic data (RFC 4035).</summary>
    AD = 0x0020,

    /// <summary>Checking disabled (RFC 4035).</summary>
    CD = 0x0010,
}

/// <summary>The codes as the field's tools print them.</summary>
public static class CodeNames
{
    public static string ToMnemonic(this Rcode rcode) =>
        rcode switch
        {
            Rcode.NoError => "NOERROR",
            Rcode.FormatError => "FORMERR",
            Rcode.ServerFailure => "SERVFAIL",
            Rcode.NameError => "NXDOMAIN",
            Rcode.NotImplemented => "NOTIMP",
            Rcode.Refused => "REFUSED",
            Rcode.YxDomain => "YXDOMAIN",
            Rcode.YxRrset => "YXRRSET",
            Rcode.NxRrset => "NXRRSET",
            Rcode.NotAuth => "NOTAUTH",
            Rcode.NotZone => "NOTZONE",
            Rcode.BadVersion => "BADVERS",
            _ => $"RCODE{(int)rcode}",
        };

    public static string ToMnemonic(this Opcode opcode) =>
        opcode switch
        {
            Opcode.Query => "QUERY",
            Opcode.InverseQuery => "IQUERY",
            Opcode.Status => "STATUS",
            Opcode.Notify => "NOTIFY",
            Opcode.Update => "UPDATE",
            _ => $"OPCODE{(int)opcode}",
        };

    /// <summary>The flags that are set, in the header's order: <c>qr aa rd</c>.</summary>
    public static string ToMnemonic(this DnsFlags flags)
    {
        ReadOnlySpan<DnsFlags> all =
        [
            DnsFlags.QR,
            DnsFlags.AA,
            DnsFlags.TC,
            DnsFlags.RD,
            DnsFlags.RA,
            DnsFlags.AD,
            DnsFlags.CD,
        ];
        var names = new List<string>();
        foreach (var flag in all)
        {
            if (flags.HasFlag(flag))
                names.Add(flag.ToString().ToLowerInvariant());
        }
        return string.Join(' ', names);
    }
}

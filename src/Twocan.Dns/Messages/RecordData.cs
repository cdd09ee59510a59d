using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Twocan.Core;

namespace Twocan.Dns;

/// <summary>What a record says: a value by type. Its text is the master file's; its bytes are the message's.</summary>
public abstract record RecordData
{
    internal abstract void Write(ref DnsMessageWriter writer);

    /// <summary>
    /// Reads <paramref name="length"/> bytes at <paramref name="offset"/> of a message (names in them may point back into
    /// it). False when the data is not what its type must be, or not just as long.
    /// </summary>
    public static bool TryRead(
        RecordType type,
        ReadOnlySpan<byte> message,
        int offset,
        int length,
        [NotNullWhen(true)] out RecordData? data
    )
    {
        // Labels may not run on beyond the record that they stand in.
        message = message[..(offset + length)];
        var bytes = message[offset..];
        data = type.Number switch
        {
            1 when length == 4 => new AddressData(IpAddress.Read(bytes)),
            28 when length == 16 => new AddressData(IpAddress.Read(bytes), IpFamily.V6),
            1 or 28 => null,
            2 or 5 or 12 => ReadName(message, offset),
            6 => ReadSoa(message, offset),
            15 => ReadMx(message, offset),
            16 => TextData.IsValid(bytes) ? new TextData(bytes.ToArray()) : null,
            _ => new OpaqueData(bytes.ToArray()),
        };
        return data is not null;
    }

    private static NameData? ReadName(ReadOnlySpan<byte> message, int offset) =>
        DomainName.TryRead(message, ref offset, out var name) && offset == message.Length ? new(name) : null;

    private static MailExchangeData? ReadMx(ReadOnlySpan<byte> message, int offset)
    {
        if (offset + 2 > message.Length)
            return null;
        var preference = BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
        offset += 2;
        return DomainName.TryRead(message, ref offset, out var exchange) && offset == message.Length
            ? new(preference, exchange)
            : null;
    }

    private static StartOfAuthorityData? ReadSoa(ReadOnlySpan<byte> message, int offset)
    {
        if (
            !DomainName.TryRead(message, ref offset, out var primary)
            || !DomainName.TryRead(message, ref offset, out var mailbox)
            || offset + 20 != message.Length
        )
            return null;
        var numbers = message[offset..];
        return new(
            primary,
            mailbox,
            BinaryPrimitives.ReadUInt32BigEndian(numbers),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[16..])
        );
    }
}

/// <summary>A and AAAA: an address. The family is apart, since an AAAA record may hold ::ffff:192.0.2.1, which as a value is IPv4's.</summary>
public sealed record AddressData(IpAddress Address, IpFamily Family) : RecordData
{
    public AddressData(IpAddress address)
        : this(address, address.Family) { }

    internal override void Write(ref DnsMessageWriter writer)
    {
        if (Family == IpFamily.V4)
        {
            writer.Write(Address.AsV4);
            return;
        }
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Address.Low);
        writer.Write(bytes);
    }

    public override string ToString() => Family == Address.Family ? Address.ToString() : $"::ffff:{Address}";
}

/// <summary>NS, CNAME and PTR: another name.</summary>
public sealed record NameData(DomainName Target) : RecordData
{
    internal override void Write(ref DnsMessageWriter writer) => writer.Write(Target);

    public override string ToString() => Target.ToString();
}

/// <summary>MX: who takes the domain's mail; the lower the preference, the rather.</summary>
public sealed record MailExchangeData(ushort Preference, DomainName Exchange) : RecordData
{
    internal override void Write(ref DnsMessageWriter writer)
    {
        writer.Write(Preference);
        writer.Write(Exchange);
    }

    public override string ToString() => $"{Preference} {Exchange}";
}

/// <summary>SOA: where a zone begins, and how long it may be believed that something is not in it.</summary>
public sealed record StartOfAuthorityData(
    DomainName PrimaryServer,
    DomainName Mailbox,
    uint Serial,
    uint Refresh,
    uint Retry,
    uint Expire,
    uint Minimum
) : RecordData
{
    internal override void Write(ref DnsMessageWriter writer)
    {
        writer.Write(PrimaryServer);
        writer.Write(Mailbox);
        writer.Write(Serial);
        writer.Write(Refresh);
        writer.Write(Retry);
        writer.Write(Expire);
        writer.Write(Minimum);
    }

    public override string ToString() => $"{PrimaryServer} {Mailbox} {Serial} {Refresh} {Retry} {Expire} {Minimum}";
}

/// <summary>TXT: strings of at most 255 octets each, held in their wire form.</summary>
public sealed record TextData(ReadOnlyMemory<byte> Wire) : RecordData
{
    /// <summary>At least one string, each behind its length, nothing left over.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> wire)
    {
        if (wire.IsEmpty)
            return false;
        while (!wire.IsEmpty)
        {
            if (wire[0] >= wire.Length)
                return false;
            wire = wire[(wire[0] + 1)..];
        }
        return true;
    }

    internal override void Write(ref DnsMessageWriter writer) => writer.Write(Wire.Span);

    public bool Equals(TextData? other) => other is not null && Wire.Span.SequenceEqual(other.Wire.Span);

    public override int GetHashCode() => Wire.Length;

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var wire = Wire.Span; !wire.IsEmpty; wire = wire[(wire[0] + 1)..])
        {
            if (text.Length > 0)
                text.Append(' ');
            CharacterText.AppendQuoted(text, wire.Slice(1, wire[0]));
        }
        return text.ToString();
    }
}

/// <summary>A type that we do not know: its bytes, unchanged (RFC 3597).</summary>
public sealed record OpaqueData(ReadOnlyMemory<byte> Wire) : RecordData
{
    internal override void Write(ref DnsMessageWriter writer) => writer.Write(Wire.Span);

    public bool Equals(OpaqueData? other) => other is not null && Wire.Span.SequenceEqual(other.Wire.Span);

    public override int GetHashCode() => Wire.Length;

    public override string ToString() =>
        Wire.IsEmpty ? "\\# 0" : $"\\# {Wire.Length} {Convert.ToHexString(Wire.Span).ToLowerInvariant()}";
}

using System.Buffers.Binary;
using System.Text;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The options of RFC 2132 that are spoken here.</summary>
public enum DhcpOption : byte
{
    Pad = 0,
    SubnetMask = 1,
    Router = 3,
    NameServer = 6,
    HostName = 12,
    DomainName = 15,
    InterfaceMtu = 26,
    BroadcastAddress = 28,
    RequestedAddress = 50,
    LeaseTime = 51,
    Overload = 52,
    MessageType = 53,
    ServerIdentifier = 54,
    ParameterRequestList = 55,
    Message = 56,
    MaxMessageSize = 57,
    RenewalTime = 58,
    RebindingTime = 59,
    ClientIdentifier = 61,
    End = 255,
}

/// <summary>The options of one message, in their order. What comes twice is one option in pieces (RFC 3396).</summary>
public sealed class DhcpOptions
{
    private readonly List<(DhcpOption Code, List<byte> Data)> _options = [];

    /// <summary>For each code the place of its option, or -1: the sender decides how many there are.</summary>
    private readonly short[] _places = NoPlaces();

    public IEnumerable<(DhcpOption Code, byte[] Data)> All =>
        _options.Select(option => (option.Code, option.Data.ToArray()));

    public bool Has(DhcpOption code) => _places[(byte)code] >= 0;

    /// <summary>Adds an option, or a further piece of one.</summary>
    public DhcpOptions Add(DhcpOption code, ReadOnlySpan<byte> data)
    {
        if (!Has(code))
        {
            _places[(byte)code] = (short)_options.Count;
            _options.Add((code, []));
        }
        _options[_places[(byte)code]].Data.AddRange(data);
        return this;
    }

    public DhcpOptions Add(DhcpOption code, byte value) => Add(code, [value]);

    public DhcpOptions Add(DhcpOption code, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return Add(code, bytes);
    }

    public DhcpOptions Add(DhcpOption code, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Add(code, bytes);
    }

    public DhcpOptions Add(DhcpOption code, IpAddress address) => Add(code, address.AsV4);

    public DhcpOptions Add(DhcpOption code, IEnumerable<IpAddress> addresses)
    {
        foreach (var address in addresses)
            Add(code, address);
        return this;
    }

    public DhcpOptions Add(DhcpOption code, string text) => Add(code, Encoding.ASCII.GetBytes(text));

    /// <summary>Null when it is not there.</summary>
    public byte[]? Bytes(DhcpOption code) => Has(code) ? [.. _options[_places[(byte)code]].Data] : null;

    // The readers below answer null also for an option whose length is not right: as good as not there.

    public byte? Number8(DhcpOption code) => Bytes(code) is [var value] ? value : null;

    public ushort? Number16(DhcpOption code) =>
        Bytes(code) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : null;

    public uint? Number32(DhcpOption code) =>
        Bytes(code) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : null;

    public IpAddress? Address(DhcpOption code) => Number32(code) is { } bits ? IpAddress.V4(bits) : null;

    public IReadOnlyList<IpAddress> Addresses(DhcpOption code) =>
        Bytes(code) is { Length: > 0 } bytes && bytes.Length % 4 == 0
            ? [.. bytes.Chunk(4).Select(address => IpAddress.Read(address))]
            : [];

    /// <summary>What cannot be printed is not: it would go to a terminal.</summary>
    public string? Text(DhcpOption code)
    {
        if (Bytes(code) is not { Length: > 0 } bytes)
            return null;
        // RFC 2132 §2: a sender should not end it with a zero, a receiver has to bear it.
        var text = bytes.AsSpan().TrimEnd((byte)0);
        var letters = new char[text.Length];
        for (var i = 0; i < text.Length; i++)
            letters[i] = text[i] is >= 0x20 and < 0x7F ? (char)text[i] : '?';
        return letters.Length > 0 ? new(letters) : null;
    }

    /// <summary>Reads one area. False when an option reaches beyond its end.</summary>
    internal bool TryReadArea(ReadOnlySpan<byte> area, bool isFirst)
    {
        for (var at = 0; at < area.Length; )
        {
            var code = (DhcpOption)area[at++];
            if (code == DhcpOption.Pad)
                continue;
            if (code == DhcpOption.End)
                return true;
            if (at == area.Length || area[at] > area.Length - at - 1)
                return false;
            var data = area.Slice(at + 1, area[at]);
            at += 1 + data.Length;
            // Where further areas are is said in the first one, and once.
            if (code != DhcpOption.Overload || (isFirst && !Has(code)))
                Add(code, data);
        }
        return true;
    }

    private static short[] NoPlaces()
    {
        var places = new short[256];
        Array.Fill(places, (short)-1);
        return places;
    }
}

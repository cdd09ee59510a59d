using System.Text;

namespace Twocan.Sockets;

/// <summary>A request to the kernel's tables (rtnetlink(7)), written from its header to its last attribute.</summary>
internal sealed class NetlinkRequest
{
    public const int HeaderLength = 16;

    private readonly byte[] _bytes = new byte[1024];
    private int _length = HeaderLength;

    /// <param name="family">What follows the header: a structure of the message's own, padded by the caller.</param>
    public NetlinkRequest(ushort type, ushort flags, params ReadOnlySpan<byte> family)
    {
        BitConverter.TryWriteBytes(_bytes.AsSpan(4), type);
        BitConverter.TryWriteBytes(_bytes.AsSpan(6), flags);
        family.CopyTo(_bytes.AsSpan(_length));
        _length += Align(family.Length);
    }

    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            BitConverter.TryWriteBytes(_bytes, _length);
            return _bytes.AsSpan(0, _length);
        }
    }

    public static int Align(int length) => (length + 3) & ~3;

    public NetlinkRequest With(ushort attribute, ReadOnlySpan<byte> value)
    {
        BitConverter.TryWriteBytes(_bytes.AsSpan(_length), (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(_bytes.AsSpan(_length + 2), attribute);
        value.CopyTo(_bytes.AsSpan(_length + 4));
        _length += Align(4 + value.Length);
        return this;
    }

    public NetlinkRequest With(ushort attribute, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BitConverter.TryWriteBytes(bytes, value);
        return With(attribute, bytes);
    }

    public NetlinkRequest With(ushort attribute, Core.IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.Write(bytes);
        return With(attribute, bytes[..address.ByteLength]);
    }
}

/// <summary>A message of the kernel's: a structure of fixed length, and attributes behind it.</summary>
internal readonly ref struct NetlinkAnswer(ushort type, ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public ushort Type => type;

    /// <summary>The structure that every message of this type begins with.</summary>
    public ReadOnlySpan<byte> Body => _body;

    /// <summary>Empty when there is no such attribute behind the structure of <paramref name="structure"/> bytes.</summary>
    public ReadOnlySpan<byte> Attribute(int structure, ushort wanted)
    {
        if (structure > _body.Length)
            return default;
        for (var rest = _body[structure..]; rest.Length >= 4; )
        {
            var length = BitConverter.ToUInt16(rest);
            if (length < 4 || length > rest.Length)
                return default;
            // The two highest bits say how the value is built, not what it is.
            if ((BitConverter.ToUInt16(rest[2..]) & 0x3FFF) == wanted)
                return rest[4..length];
            rest = rest[Math.Min(NetlinkRequest.Align(length), rest.Length)..];
        }
        return default;
    }

    public int Number(int structure, ushort wanted) =>
        Attribute(structure, wanted) is { Length: >= 4 } value ? BitConverter.ToInt32(value) : 0;

    public string Text(int structure, ushort wanted) =>
        Encoding.UTF8.GetString(Attribute(structure, wanted).TrimEnd((byte)0));

    public Core.IpAddress? Address(int structure, ushort wanted) =>
        Attribute(structure, wanted) is { Length: 4 or 16 } value ? Core.IpAddress.Read(value) : null;

    public Core.MacAddress? Mac(int structure, ushort wanted) =>
        Attribute(structure, wanted) is { Length: 6 } value ? Core.MacAddress.Read(value) : null;
}

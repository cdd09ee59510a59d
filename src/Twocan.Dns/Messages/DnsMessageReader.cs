using System.Buffers.Binary;

namespace Twocan.Dns;

/// <summary>Walks through a message, section by section: as many questions and records as the header counts. False at the first thing that makes no sense.</summary>
public ref struct DnsMessageReader
{
    /// <summary>Type, class, TTL and length behind the owner's name.</summary>
    private const int FixedLength = 10;

    private readonly ReadOnlySpan<byte> _message;
    private int _offset;

    private DnsMessageReader(ReadOnlySpan<byte> message, DnsHeader header)
    {
        _message = message;
        Header = header;
        _offset = DnsHeader.Length;
    }

    public DnsHeader Header { get; }

    /// <summary>How far the message has been read.</summary>
    public readonly int Offset => _offset;

    public static bool TryRead(ReadOnlySpan<byte> message, out DnsMessageReader reader)
    {
        var whole = DnsHeader.TryRead(message, out var header);
        reader = whole ? new(message, header) : default;
        return whole;
    }

    public bool TryReadQuestion(out Question question)
    {
        question = default;
        var offset = _offset;
        if (!DomainName.TryRead(_message, ref offset, out var name) || offset + 4 > _message.Length)
            return false;
        question = new(name, new(Word(offset)), new(Word(offset + 2)));
        _offset = offset + 4;
        return true;
    }

    public bool TryReadRecord(out ResourceRecord record)
    {
        record = default;
        var offset = _offset;
        if (!DomainName.TryRead(_message, ref offset, out var name) || offset + FixedLength > _message.Length)
            return false;
        var type = new RecordType(Word(offset));
        var length = Word(offset + 8);
        var data = offset + FixedLength;
        if (data + length > _message.Length || !RecordData.TryRead(type, _message, data, length, out var value))
            return false;
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(_message[(offset + 4)..]);
        record = new(name, type, new(Word(offset + 2)), ttl, value);
        _offset = data + length;
        return true;
    }

    private readonly ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_message[at..]);
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Twocan.Dns;

/// <summary>A whole message (RFC 1035 §4): header, questions and the three sections of records. The OPT record is apart, as <see cref="Edns"/>.</summary>
public sealed record DnsMessage
{
    /// <summary>What a UDP message may have without EDNS (RFC 1035 §2.3.4).</summary>
    public const int MaxUdpLength = 512;

    /// <summary>What the two length octets before a message on TCP can say.</summary>
    public const int MaxLength = 65535;

    public ushort Id { get; init; }

    public DnsFlags Flags { get; init; }

    public Opcode Opcode { get; init; }

    public Rcode Rcode { get; init; }

    public IReadOnlyList<Question> Questions { get; init; } = [];

    public IReadOnlyList<ResourceRecord> Answers { get; init; } = [];

    public IReadOnlyList<ResourceRecord> Authorities { get; init; } = [];

    public IReadOnlyList<ResourceRecord> Additionals { get; init; } = [];

    public Edns? Edns { get; init; }

    public bool IsResponse => Flags.HasFlag(DnsFlags.QR);

    public bool IsAuthoritative => Flags.HasFlag(DnsFlags.AA);

    public bool IsTruncated => Flags.HasFlag(DnsFlags.TC);

    public bool RecursionDesired => Flags.HasFlag(DnsFlags.RD);

    public bool RecursionAvailable => Flags.HasFlag(DnsFlags.RA);

    public static DnsMessage Query(ushort id, Question question, bool recursionDesired) =>
        new()
        {
            Id = id,
            Flags = recursionDesired ? DnsFlags.RD : DnsFlags.None,
            Questions = [question],
        };

    /// <summary>A response to this query, with nothing in it yet but what every response repeats (RFC 1035 §4.1.1).</summary>
    public DnsMessage Respond(Rcode rcode, DnsFlags flags = DnsFlags.None) =>
        new()
        {
            Id = Id,
            Flags = DnsFlags.QR | flags | Flags & (DnsFlags.RD | DnsFlags.CD),
            Opcode = Opcode,
            Rcode = rcode,
            Questions = Questions,
        };

    /// <summary>Id, opcode and question are <paramref name="query"/>'s: what a forger has to guess (RFC 5452 §9.1).</summary>
    public bool IsResponseTo(DnsMessage query)
    {
        if (!IsResponse || Id != query.Id || Opcode != query.Opcode)
            return false;
        // A server that could not read the question need not repeat it.
        if (Questions.Count == 0)
            return Rcode is Rcode.FormatError or Rcode.NotImplemented or Rcode.ServerFailure or Rcode.Refused;
        return Questions.SequenceEqual(query.Questions);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        if (!DnsMessageReader.TryRead(bytes, out var reader))
            return false;
        var header = reader.Header;
        if (
            !TryReadQuestions(ref reader, header.QuestionCount, out var questions)
            || !TryReadSection(ref reader, header.AnswerCount, out var answers)
            || !TryReadSection(ref reader, header.AuthorityCount, out var authorities)
            || !TryReadSection(ref reader, header.AdditionalCount, out var additionals)
        )
            return false;
        if (!TryTakeOpt(additionals, out var opt))
            return false;
        message = new()
        {
            Id = header.Id,
            Flags = header.Flags,
            Opcode = header.Opcode,
            Rcode = (Rcode)((int)header.Rcode | (opt is { } extended ? Edns.ExtendedRcode(extended) : 0)),
            Questions = questions,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            Edns = opt is { } record ? Edns.From(record) : null,
        };
        return true;
    }

    private static bool TryReadQuestions(ref DnsMessageReader reader, int count, out List<Question> questions)
    {
        questions = [];
        while (questions.Count < count)
        {
            if (!reader.TryReadQuestion(out var question))
                return false;
            questions.Add(question);
        }
        return true;
    }

    private static bool TryReadSection(ref DnsMessageReader reader, int count, out List<ResourceRecord> records)
    {
        records = [];
        while (records.Count < count)
        {
            if (!reader.TryReadRecord(out var record))
                return false;
            records.Add(record);
        }
        return true;
    }

    /// <summary>One OPT record at most, and it is the root's (RFC 6891 §6.1.1).</summary>
    private static bool TryTakeOpt(List<ResourceRecord> additionals, out ResourceRecord? opt)
    {
        opt = null;
        for (var i = additionals.Count - 1; i >= 0; i--)
        {
            if (additionals[i].Type != RecordType.OPT)
                continue;
            if (opt is not null || !additionals[i].Name.IsRoot)
                return false;
            opt = additionals[i];
            additionals.RemoveAt(i);
        }
        return true;
    }

    public byte[] ToBytes(int limit = MaxLength)
    {
        var buffer = new byte[limit];
        var length = Write(buffer);
        return buffer[..length];
    }

    /// <summary>
    /// Writes as much as fits, by whole record sets, and answers the length. A set that is missing from answer or
    /// authority sets TC; one that is missing from the additional section does so only if the referral is useless without it (RFC 9471).
    /// </summary>
    public int Write(Span<byte> into)
    {
        var opt = Edns?.ToRecord(Rcode);
        // The OPT record has its place reserved: 11 octets and its options.
        var reserved = Edns is null ? 0 : 11 + Edns.Options.Length;
        var writer = new DnsMessageWriter(into[..(into.Length - reserved)]);
        Span<ushort> counts = stackalloc ushort[4];
        var truncated = false;
        foreach (var question in Questions)
        {
            if (writer.TryWrite(question))
                counts[0]++;
            else
                truncated = true;
        }
        counts[1] = WriteSection(ref writer, Answers, ref truncated);
        counts[2] = WriteSection(ref writer, Authorities, ref truncated);
        counts[3] = WriteAdditionals(ref writer, ref truncated);
        var length = writer.Length;
        if (opt is { } record)
        {
            writer.Extend(into[..(length + reserved)]);
            writer.TryWrite(record);
            length = writer.Length;
            counts[3]++;
        }
        DnsHeader.Write(into, Id, truncated ? Flags | DnsFlags.TC : Flags, Opcode, Rcode);
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteUInt16BigEndian(into[(4 + 2 * i)..], counts[i]);
        return length;
    }

    private static ushort WriteSection(
        ref DnsMessageWriter writer,
        IReadOnlyList<ResourceRecord> records,
        ref bool truncated
    )
    {
        ushort count = 0;
        for (var i = 0; i < records.Count && !truncated; )
        {
            var end = EndOfSet(records, i);
            if (TryWriteSet(ref writer, records, i, end))
                count += (ushort)(end - i);
            else
                truncated = true;
            i = end;
        }
        return count;
    }

    private ushort WriteAdditionals(ref DnsMessageWriter writer, ref bool truncated)
    {
        ushort count = 0;
        for (var i = 0; i < Additionals.Count && !truncated; )
        {
            var end = EndOfSet(Additionals, i);
            if (TryWriteSet(ref writer, Additionals, i, end))
                count += (ushort)(end - i);
            else if (IsNeededGlue(Additionals[i].Name))
                truncated = true;
            i = end;
        }
        return count;
    }

    /// <summary>The address of a server that lies below the very cut that it serves can be learned from nobody else.</summary>
    private bool IsNeededGlue(DomainName name)
    {
        if (Answers.Count > 0 || IsAuthoritative)
            return false;
        foreach (var record in Authorities)
        {
            if (record.Type == RecordType.NS && name.IsAtOrBelow(record.Name))
                return true;
        }
        return false;
    }

    private static bool TryWriteSet(
        ref DnsMessageWriter writer,
        IReadOnlyList<ResourceRecord> records,
        int start,
        int end
    )
    {
        var mark = writer.Here;
        for (var i = start; i < end; i++)
        {
            if (writer.TryWrite(records[i]))
                continue;
            writer.Rewind(mark);
            return false;
        }
        return true;
    }

    private static int EndOfSet(IReadOnlyList<ResourceRecord> records, int start)
    {
        var end = start + 1;
        while (
            end < records.Count && records[end].Type == records[start].Type && records[end].Name == records[start].Name
        )
            end++;
        return end;
    }

    public bool Equals(DnsMessage? other) =>
        other is not null
        && (Id, Flags, Opcode, Rcode, Edns) == (other.Id, other.Flags, other.Opcode, other.Rcode, other.Edns)
        && Questions.SequenceEqual(other.Questions)
        && Answers.SequenceEqual(other.Answers)
        && Authorities.SequenceEqual(other.Authorities)
        && Additionals.SequenceEqual(other.Additionals);

    public override int GetHashCode() => Id;

    /// <summary>As dig prints it.</summary>
    public override string ToString() => DnsMessageText.Of(this);
}

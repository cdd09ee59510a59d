using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Dns;

/// <summary>How far something may be believed, by where in a message it stood (RFC 2181 §5.4.1). Higher replaces lower.</summary>
public enum Credibility
{
    /// <summary>The additional section: good for finding servers, never for an answer.</summary>
    Glue,

    /// <summary>The authority section of a referral: what the parent says about its child.</summary>
    Referral,

    /// <summary>The answer section of somebody who is not the zone's own server.</summary>
    Answer,

    /// <summary>The authority section of the zone's own server.</summary>
    AuthoritativeAuthority,

    /// <summary>The answer section of the zone's own server.</summary>
    AuthoritativeAnswer,
}

/// <summary>What the cache knows about a name and type. Its TTLs count down: they say what is left now.</summary>
/// <param name="Kind"><see cref="AnswerKind.Answer"/>, <see cref="AnswerKind.NoData"/> or <see cref="AnswerKind.NameError"/>.</param>
/// <param name="Set">The records; for a negative answer the zone's SOA.</param>
public readonly record struct CacheAnswer(AnswerKind Kind, RecordSet Set, Credibility Credibility);

/// <summary>
/// Remembers record sets, and that there are none, for as long as their TTLs allow (유효기간). It is told answers and the
/// time, and asked with the time. Bounded: what was asked for longest ago goes first.
/// </summary>
public sealed class DnsCache(int maxEntries = 100_000, int maxBytes = 32 << 20)
{
    /// <summary>Nothing is believed for longer than a day, whatever its TTL says.</summary>
    public const uint MaxTtl = 86_400;

    /// <summary>That something does not exist is believed for three hours at most (RFC 2308 §5).</summary>
    public const uint MaxNegativeTtl = 10_800;

    /// <summary>What an entry takes besides its data.</summary>
    private const int EntryOverhead = 200;

    /// <summary>That a name does not exist holds for all its types: it is kept under this one.</summary>
    private static readonly RecordType AllTypes = new(0);

    private readonly Dictionary<(DomainName Name, RecordType Type), LinkedListNode<Entry>> _index = [];
    private readonly LinkedList<Entry> _byUse = new();

    public int Count => _index.Count;

    public int Bytes { get; private set; }

    /// <summary>Remembers a record set, unless something more credible is still valid.</summary>
    public void Put(RecordSet set, Credibility credibility, Instant now)
    {
        var ttl = Clamp(set.Ttl, MaxTtl);
        if (!TryStore(set.Name, set.Type, new(AnswerKind.Answer, set, credibility), ttl, now))
            return;
        // The name exists after all.
        if (credibility >= Credibility.Answer)
            Remove((set.Name, AllTypes));
    }

    /// <summary>Remembers that the name does not exist, or has no such record: for the TTL of the SOA that came along, or its minimum if that is less (RFC 2308 §5).</summary>
    public void PutNegative(
        DomainName name,
        RecordType type,
        AnswerKind kind,
        RecordSet soa,
        Credibility credibility,
        Instant now
    )
    {
        var ttl = NegativeTtl(soa);
        var key = kind == AnswerKind.NameError ? AllTypes : type;
        TryStore(name, key, new(kind, soa, credibility), ttl, now);
    }

    public bool TryGet(
        DomainName name,
        RecordType type,
        Instant now,
        [MaybeNullWhen(false)] out CacheAnswer answer,
        Credibility atLeast = Credibility.Answer
    ) => TryFind(name, type, now, atLeast, out answer) || TryFind(name, AllTypes, now, atLeast, out answer);

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _index.Clear();
        _byUse.Clear();
        Bytes = 0;
    }

    private bool TryFind(DomainName name, RecordType type, Instant now, Credibility atLeast, out CacheAnswer answer)
    {
        answer = default;
        if (!_index.TryGetValue((name, type), out var node))
            return false;
        var entry = node.Value;
        if (entry.Expires <= now)
        {
            Remove((name, type));
            return false;
        }
        if (entry.Answer.Credibility < atLeast)
            return false;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        var left = (uint)((entry.Expires - now).Nanoseconds / 1_000_000_000);
        answer = entry.Answer with { Set = entry.Answer.Set with { Ttl = left } };
        return true;
    }

    private bool TryStore(DomainName name, RecordType type, CacheAnswer answer, uint ttl, Instant now)
    {
        var key = (name, type);
        if (
            _index.TryGetValue(key, out var known)
            && known.Value.Expires > now
            && known.Value.Answer.Credibility > answer.Credibility
        )
            return false;
        Remove(key);
        // A TTL of zero is for the one who asked, and for nobody after.
        if (ttl == 0)
            return true;
        var entry = new Entry(key, answer, now + Duration.FromSeconds(ttl), Size(answer.Set));
        _index.Add(key, _byUse.AddFirst(entry));
        Bytes += entry.Size;
        while ((_index.Count > maxEntries || Bytes > maxBytes) && _byUse.Last is { } oldest)
            Remove(oldest.Value.Key);
        return true;
    }

    private void Remove((DomainName, RecordType) key)
    {
        if (!_index.Remove(key, out var node))
            return;
        _byUse.Remove(node);
        Bytes -= node.Value.Size;
    }

    /// <summary>How long a negative answer with this SOA holds.</summary>
    internal static uint NegativeTtl(RecordSet soa) =>
        soa.Data is [StartOfAuthorityData data] ? Clamp(Math.Min(soa.Ttl, data.Minimum), MaxNegativeTtl) : 0;

    /// <summary>A TTL with its highest bit set counts as zero (RFC 2181 §8).</summary>
    internal static uint Clamp(uint ttl, uint max) => ttl > int.MaxValue ? 0 : Math.Min(ttl, max);

    private static int Size(RecordSet set)
    {
        var size = EntryOverhead + set.Name.Wire.Length;
        foreach (var data in set.Data)
        {
            size += data switch
            {
                TextData text => text.Wire.Length,
                OpaqueData opaque => opaque.Wire.Length,
                NameData name => name.Target.Wire.Length,
                _ => 64,
            };
        }
        return size;
    }

    private sealed record Entry((DomainName, RecordType) Key, CacheAnswer Answer, Instant Expires, int Size);
}

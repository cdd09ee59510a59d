namespace Twocan.Dns;

/// <summary>
/// An answer section read as it is meant: from the name that was asked, along the aliases, to the records wanted. What
/// lies beside the way is not looked at.
/// </summary>
public readonly struct AliasChain
{
    /// <summary>So many aliases in a row are followed; BIND and Unbound stop at about as many.</summary>
    public const int MaxAliases = 11;

    private AliasChain(List<RecordSet> aliases, DomainName target, RecordSet? found) =>
        (Aliases, Target, Found) = (aliases, target, found);

    /// <summary>The CNAME records on the way.</summary>
    public IReadOnlyList<RecordSet> Aliases { get; }

    /// <summary>The name at which the way ends; the one that was asked when there is no alias.</summary>
    public DomainName Target { get; }

    /// <summary>The records of the wanted type at the <see cref="Target"/>.</summary>
    public RecordSet? Found { get; }

    /// <summary>The lowest TTL on the way: for so long all of it holds.</summary>
    public uint Ttl
    {
        get
        {
            var ttl = Found?.Ttl ?? uint.MaxValue;
            foreach (var alias in Aliases)
                ttl = Math.Min(ttl, alias.Ttl);
            return ttl;
        }
    }

    /// <summary>Follows aliases as long as their owners lie in <paramref name="bailiwick"/>: nobody else's names are this server's to tell.</summary>
    public static AliasChain Follow(Question question, IEnumerable<ResourceRecord> answers, DomainName bailiwick)
    {
        var sets = RecordSet.Group(answers.Where(record => record.Class == question.Class));
        var aliases = new List<RecordSet>();
        var name = question.Name;
        while (name.IsAtOrBelow(bailiwick))
        {
            if (Find(sets, name, question.Type) is { } found)
                return new(aliases, name, found);
            if (aliases.Count == MaxAliases || Find(sets, name, RecordType.CNAME) is not { } alias)
                break;
            aliases.Add(alias);
            name = ((NameData)alias.Data[0]).Target;
        }
        return new(aliases, name, null);
    }

    private static RecordSet? Find(List<RecordSet> sets, DomainName name, RecordType type)
    {
        foreach (var set in sets)
        {
            if (set.Name == name && (set.Type == type || type == RecordType.ANY))
                return set;
        }
        return null;
    }
}

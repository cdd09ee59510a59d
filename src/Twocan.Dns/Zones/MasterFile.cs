namespace Twocan.Dns;

/// <summary>A record and where it stands.</summary>
internal readonly record struct MasterRecord(ResourceRecord Record, MasterFileErrors File, int Line, int Column)
{
    public void Fail(string message) => File.Add(Line, Column, message);
}

/// <summary>
/// Reads master files (RFC 1035 §5, RFC 2308 §4): $ORIGIN, $TTL, $INCLUDE, @, relative names, blank owners, parentheses,
/// comments, quoted strings, times with units. All mistakes are found in one pass.
/// </summary>
internal sealed class MasterFile
{
    private const int MaxIncludeDepth = 8;

    private readonly List<MasterRecord> _records = [];
    private readonly Func<string, string?>? _open;
    private readonly ICollection<ZoneError> _errors;
    private uint? _defaultTtl;
    private uint? _lastTtl;

    private MasterFile(Func<string, string?>? open, ICollection<ZoneError> errors) => (_open, _errors) = (open, errors);

    /// <summary><paramref name="open"/> gives the text of an included file; without it nothing can be included.</summary>
    public static List<MasterRecord> Read(
        string text,
        DomainName origin,
        MasterFileErrors errors,
        ICollection<ZoneError> all,
        Func<string, string?>? open
    )
    {
        var file = new MasterFile(open, all);
        file.ReadText(text, origin, errors, depth: 0);
        return file._records;
    }

    private void ReadText(string text, DomainName origin, MasterFileErrors errors, int depth)
    {
        var lexer = new MasterFileLexer(text, errors);
        DomainName? owner = null;
        while (lexer.TryReadEntry())
        {
            var fields = new MasterFileFields(lexer.Tokens, errors, lexer.Line, lexer.Column);
            var first = fields.Peek;
            if (first is { Quoted: false } && first.Text.StartsWith('$'))
                ReadDirective(fields, ref origin, errors, depth);
            else
                ReadRecord(fields, lexer.OwnerIsBlank, origin, ref owner, errors);
        }
    }

    private void ReadDirective(MasterFileFields fields, ref DomainName origin, MasterFileErrors errors, int depth)
    {
        var word = fields.Take();
        if (word.Is("$ORIGIN"))
        {
            if (fields.TryName("the origin's name", origin, out var next) && fields.TryEnd())
                origin = next;
        }
        else if (word.Is("$TTL"))
        {
            if (fields.TryTtl("a TTL", out var ttl) && fields.TryEnd())
                _defaultTtl = ttl;
        }
        else if (word.Is("$INCLUDE"))
            Include(fields, origin, errors, depth);
        else
            fields.Fail(word, $"'{word.Text}' is not a directive: there are $ORIGIN, $TTL and $INCLUDE");
    }

    private void Include(MasterFileFields fields, DomainName origin, MasterFileErrors errors, int depth)
    {
        if (!fields.TryTake("a file's name", out var name))
            return;
        if (!fields.IsEmpty && !fields.TryName("the origin's name", origin, out origin))
            return;
        if (!fields.TryEnd())
            return;
        if (depth == MaxIncludeDepth)
            fields.Fail(name, $"files include each other more than {MaxIncludeDepth} deep");
        else if (_open is null)
            fields.Fail(name, "a zone that is not a file of its own cannot include another file");
        else if (_open(name.Text) is { } text)
            // The including file's origin and last owner stay as they are (RFC 1035 §5.1).
            ReadText(text, origin, new MasterFileErrors(name.Text, 1, 1, _errors), depth + 1);
        else
            fields.Fail(name, $"there is no file '{name.Text}' to include");
    }

    private void ReadRecord(
        MasterFileFields fields,
        bool ownerIsBlank,
        DomainName origin,
        ref DomainName? owner,
        MasterFileErrors errors
    )
    {
        var first = fields.Peek;
        if (!ownerIsBlank)
        {
            // Even when the rest is wrong, the next blank owner means this one; and when this is wrong, none.
            var known = fields.TryName("an owner", origin, out var named);
            owner = known ? named : null;
            if (!known)
                return;
        }
        else if (owner is null)
        {
            fields.Fail(first, "the owner is left out, but no record stands before this one");
            return;
        }
        if (!TryReadTtlAndClass(fields, out var ttl) || !fields.TryTake("a record type, such as A", out var typeWord))
            return;
        if (typeWord.Quoted || !RecordType.TryParse(typeWord.Text, out var type) || type.IsMeta)
        {
            fields.Fail(typeWord, $"'{typeWord.Text}' is not a record type, such as A, NS, MX or TYPE65280");
            return;
        }
        if (!fields.TryData(type, origin, out var data))
            return;
        if (ttl is not null)
            _lastTtl = ttl;
        ttl ??= _defaultTtl ?? _lastTtl ?? (data as StartOfAuthorityData)?.Minimum;
        if (ttl is null)
            fields.Fail(first, "this record has no TTL: begin the file with a default one, such as $TTL 1h");
        else
            _records.Add(
                new(
                    new(owner.GetValueOrDefault(), type, ttl.GetValueOrDefault(), data),
                    errors,
                    first.Line,
                    first.Column
                )
            );
    }

    /// <summary>TTL and class may be left out and come in either order.</summary>
    private static bool TryReadTtlAndClass(MasterFileFields fields, out uint? ttl)
    {
        ttl = null;
        var hasClass = false;
        while (!fields.IsEmpty && !fields.Peek.Quoted)
        {
            var word = fields.Peek;
            if (ttl is null && TimeText.TryParse(word.Text, out var seconds))
                ttl = seconds;
            else if (!hasClass && RecordClass.TryParse(word.Text, out var @class) && @class != RecordClass.ANY)
            {
                if (@class != RecordClass.IN)
                    return fields.Fail(word, $"class {word.Text} is not served; the Internet's class is IN");
                hasClass = true;
            }
            else
                return true;
            fields.Take();
        }
        return true;
    }
}

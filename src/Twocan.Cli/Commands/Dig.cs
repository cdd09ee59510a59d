using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary><c>dig</c>: what does a name server say about a name?</summary>
internal sealed class Dig : ProgramVerb
{
    private readonly Argument<string[]> _words = new("NAME [TYPE] [@SERVER]")
    {
        Description =
            "The name; what of it (A, AAAA, CNAME, MX, NS, PTR, SOA, TXT, …: default A); whom to ask (a name or an address: default the host's nearest name server)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _trace = new("--trace")
    {
        Description = "Show whom the name server asked in turn, from the root on",
    };

    private readonly Option<bool> _noRecurse = new("--no-recurse")
    {
        Description = "Ask for what the server itself knows, not for what it can find out",
    };

    private readonly Option<string?> _reverse = new("--reverse", "-x")
    {
        Description = "Ask whose address this is (PTR in in-addr.arpa or ip6.arpa)",
        HelpName = "ADDRESS",
    };

    private readonly AddressFamily _family;

    public Dig()
        : base(
            "dig",
            "Ask a name server, and show its answer as it came",
            "twocan dig www.lab.cyber.co.kr",
            "twocan dig cyber.co.kr MX --trace",
            "twocan dig www.lab.cyber.co.kr A @ns.kr --no-recurse",
            "twocan dig -6 www.lab.cyber.co.kr AAAA --trace",
            "twocan dig -x 2001:db8:cb:2::226"
        )
    {
        Arguments.Add(_words);
        Options.Add(_trace);
        Options.Add(_noRecurse);
        Options.Add(_reverse);
        _family = AddressFamily.AddTo(this);
    }

    public override bool ReadsJournal(Invocation call) => call.Get(_trace);

    public override HostProgram Prepare(Invocation call)
    {
        var (question, server) = QuestionOf(call.Get(_words), call.Get(_reverse));
        var family = _family.Of(call);
        if (call.OnHost && call.Get(_trace))
            throw new WrongUsageException("--trace reads what every name server did: only a world shows that");
        return async (session, stop) =>
            Show(call, session, await AskAsync(session, question, server, family, !call.Get(_noRecurse), stop));
    }

    private int Show(Invocation call, Session session, DnsExchange exchange)
    {
        var resolution = call.Get(_trace) ? ReadTrace((WorldSession)session) : null;
        if (call.Json)
            call.Terminal.JsonLine(DigAnswer.Of(exchange, session, resolution), DigJson.Default.DigAnswer);
        else
            Show(exchange, resolution, call.Terminal);
        return IsAnswer(exchange.Response) ? Exit.Done : Exit.No;
    }

    /// <summary>Records, or whom to ask instead; 'there is none' comes with the zone's SOA alone (RFC 2308 §2.2).</summary>
    private static bool IsAnswer(DnsMessage response) =>
        response.Rcode == Rcode.NoError
        && (response.Answers.Count > 0 || response.Authorities.Any(record => record.Type == RecordType.NS));

    private static (Question Question, string? Server) QuestionOf(string[] words, string? reverse)
    {
        var (name, type, server) = (default(string), default(RecordType?), default(string));
        if (reverse is not null)
        {
            if (!IpAddress.TryParse(reverse, out var address))
                throw new WrongUsageException($"-x takes an address, such as 192.0.2.226, not '{reverse}'");
            (name, type) = (DomainName.ReverseOf(address).ToHostName(), RecordType.PTR);
        }
        foreach (var word in words)
        {
            if (word.StartsWith('@') && word.Length > 1 && server is null)
                server = word[1..];
            else if (name is not null && type is null && RecordType.TryParse(word, out var said))
                type = said;
            else if (name is null && !word.StartsWith('@'))
                name = word;
            else
                throw new WrongUsageException(
                    $"'{word}' is neither a record type (A, MX, NS, …) nor a server (@ns.kr)"
                );
        }
        if (name is null)
            throw new WrongUsageException("dig needs a name, such as www.lab.cyber.co.kr");
        if (!DomainName.TryParse(name, out var domain))
            throw new WrongUsageException($"'{name}' is not a domain name, such as www.lab.cyber.co.kr");
        return (new(domain, type ?? RecordType.A), server);
    }

    private static async Task<DnsExchange> AskAsync(
        Session session,
        Question question,
        string? server,
        IpFamily? family,
        bool recurse,
        CancellationToken stop
    )
    {
        var network = session.Network;
        var (name, type) = (question.Name, question.Type);
        var known = network.NameServers.Where(one => one.Family == (family ?? one.Family)).ToList();
        if (server is null && known.Count == 0)
            throw new NoAnswerException(
                $"{network.Name} knows no name server{(family is null ? "" : " of that family")}: name one, as in @ns.isp"
            );
        var address = server is null ? known[0] : await session.ResolveAsync(server, stop, family);
        // The first cause of all that follows, so that the trace is the journal's own.
        var began = network.Journal?.Tell(new LookupBegan(name.ToHostName(), type.ToString())) ?? default;
        try
        {
            return await DnsClient.QueryAsync(network, new(address, Port.Domain), name, type, recurse, began, stop);
        }
        catch (NameResolutionException failure)
        {
            throw new NoAnswerException(failure.Message);
        }
    }

    private static Resolution? ReadTrace(WorldSession session) =>
        JourneyReader
            .Read("", session.Host.Name, session.World.Journal!.Entries, session.Neighbourhood, session.World.Loop.Now)
            .Resolutions.LastOrDefault(resolution => resolution.Began.Host == session.Host.Name);

    private static void Show(DnsExchange exchange, Resolution? resolution, Terminal terminal)
    {
        if (resolution is not null)
        {
            terminal.Write(new Tree(Nodes(resolution, null, terminal)));
            terminal.Line();
        }
        foreach (var line in exchange.ToString().TrimEnd('\n').Split('\n'))
            terminal.Line(line.StartsWith(';') ? new Text(line, Role.Faint) : new Text(line));
    }

    private static List<TreeNode> Nodes(Resolution resolution, Query? parent, Terminal terminal) =>
        [
            .. resolution
                .Queries.Where(query => query.Parent == parent)
                .Select(query => new TreeNode(Say(query, resolution, terminal), Nodes(resolution, query, terminal))),
        ];

    private static Text Say(Query query, Resolution resolution, Terminal terminal)
    {
        var at = (query.Sent.At - resolution.Began.At).ToString();
        var server = query.ServerName.Length > 0 ? query.ServerName : query.Server.ToString();
        Text text = $"{at:time} {query.Asker:host} → {server:host}";
        if (query.Zone.Length > 0)
            text += $" ({query.Zone:name})";
        text += $" {query.Name:name} {query.Type}: ";
        if (query.Received is not { } received)
            return text + $"{terminal.Say("no answer", "답이 없음"):bad}";
        var took = (received.At - query.Sent.At).ToString();
        return text
            + $"{query.Summary:strong} {terminal.Say($"after {took}", $"{took} 뒤"):time}"
            + (query.FromCache ? $" {terminal.Say("from its cache", "캐시에서"):good}" : "");
    }
}

/// <summary>The answer of <c>dig --json</c>; times are the world's.</summary>
internal sealed record DigAnswer(
    string Name,
    string Type,
    string Server,
    string? ServerName,
    string Rcode,
    bool Authoritative,
    bool RecursionAvailable,
    bool OverTcp,
    int Bytes,
    double TimeUs,
    IReadOnlyList<DigRecord> Answers,
    IReadOnlyList<DigRecord> Authorities,
    IReadOnlyList<DigRecord> Additionals,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DigStep>? Trace
)
{
    public static DigAnswer Of(DnsExchange exchange, Session session, Resolution? resolution)
    {
        var (question, response) = (exchange.Query.Questions[0], exchange.Response);
        return new(
            question.Name.ToHostName(),
            question.Type.ToString(),
            exchange.Server.ToString(),
            session.NameOf(exchange.Server.Address),
            response.Rcode.ToMnemonic(),
            response.IsAuthoritative,
            response.RecursionAvailable,
            exchange.OverTcp,
            exchange.Length,
            exchange.Time.TotalMicroseconds,
            Records(response.Answers),
            Records(response.Authorities),
            Records(response.Additionals),
            resolution is null ? null : [.. resolution.Queries.Select(query => DigStep.Of(query, resolution))]
        );
    }

    private static List<DigRecord> Records(IReadOnlyList<ResourceRecord> records) =>
        [
            .. records.Select(record => new DigRecord(
                record.Name.ToHostName(),
                record.Ttl,
                record.Type.ToString(),
                record.Data.ToString()!
            )),
        ];
}

internal sealed record DigRecord(string Name, uint Ttl, string Type, string Data);

internal sealed record DigStep(
    string Asker,
    string Server,
    string ServerName,
    string Zone,
    string Name,
    string Type,
    int Attempt,
    string? Rcode,
    string? AnswerKind,
    bool FromCache,
    string Summary,
    double SentUs,
    double? ReceivedUs
)
{
    public static DigStep Of(Query query, Resolution resolution) =>
        new(
            query.Asker,
            query.Server.ToString(),
            query.ServerName,
            query.Zone,
            query.Name,
            query.Type,
            query.Attempt,
            query.Rcode,
            query.Kind?.ToString().ToLowerInvariant(),
            query.FromCache,
            query.Summary,
            (query.Sent.At - resolution.Began.At).TotalMicroseconds,
            query.Received is { } received ? (received.At - resolution.Began.At).TotalMicroseconds : null
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DigAnswer))]
internal sealed partial class DigJson : JsonSerializerContext;

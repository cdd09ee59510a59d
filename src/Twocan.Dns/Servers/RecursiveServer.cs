using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>
/// The nearest name server: answers anybody's question about any name, walking the tree from the root for what its cache does
/// not know.
/// </summary>
public sealed class RecursiveServer(ResolverSettings settings) : IProgram
{
    public RecursiveServer(IReadOnlyList<RootHint> rootHints)
        : this(new ResolverSettings(rootHints)) { }

    public string Name => "recursive name server";

    public Task RunAsync(INetwork network, CancellationToken stop)
    {
        var random = network.Random.Fork(Name);
        var resolver = new IterativeResolver(SettingsOn(network), new DnsCache(), random);
        var pump = new ResolverPump(network, resolver, random);
        return new DnsService(network, Name, (request, token) => AnswerAsync(network, pump, request, token)).RunAsync(
            stop
        );
    }

    /// <summary>What this machine speaks and prefers, its resolver does too, unless it was told otherwise.</summary>
    private ResolverSettings SettingsOn(INetwork network) =>
        settings with
        {
            UsesIpv6 = settings.UsesIpv6 || network.Speaks(IpFamily.V6),
            Prefers = settings.Prefers ?? (network.PrefersIpv4 ? IpFamily.V4 : null),
        };

    private static async ValueTask<DnsReply> AnswerAsync(
        INetwork network,
        ResolverPump pump,
        DnsRequest request,
        CancellationToken stop
    )
    {
        var (query, because) = (request.Query, request.Because);
        var response = query.Respond(Refusal(query) ?? Rcode.ServerFailure, DnsFlags.RA);
        if (Refusal(query) is null)
        {
            var question = query.Questions[0];
            var (name, type) = (question.Name.ToHostName(), question.Type.ToString());
            var began = network.Journal?.Tell(new LookupBegan(name, type), because) ?? because;
            if (await pump.ResolveAsync(question, began, stop) is { } lookup)
            {
                var result = lookup.Result!;
                response = Fill(response, query, result);
                var ended = new LookupEnded(
                    name,
                    type,
                    result.Rcode.ToMnemonic(),
                    result.Summary,
                    lookup.QueriesSent == 0,
                    result.Reason
                );
                // Who joined a look-up of somebody else's is answered because of his own question.
                because = network.Journal?.Tell(ended, lookup.BeganBecause == began ? lookup.Cause : began) ?? because;
            }
        }
        if (query.Edns is not null)
            response = response with { Edns = response.Edns ?? new(Edns.DefaultPayloadSize) };
        var kind = KindOf(response);
        return new(
            response,
            network.Journal?.Tell(QueryAnswered.From(request.Client, response, kind), because) ?? because
        );
    }

    /// <summary>Null for a question that can be looked up.</summary>
    private static Rcode? Refusal(DnsMessage query) =>
        query switch
        {
            { Opcode: not Opcode.Query } => Rcode.NotImplemented,
            { Edns.Version: > 0 } => Rcode.BadVersion,
            { Questions.Count: not 1 } => Rcode.FormatError,
            // Who does not want recursion has come to the wrong server; what others asked is not told.
            { RecursionDesired: false } => Rcode.Refused,
            _ when query.Questions[0].Class != RecordClass.IN => Rcode.Refused,
            _ when query.Questions[0].Type.IsMeta && query.Questions[0].Type != RecordType.ANY => Rcode.Refused,
            _ => null,
        };

    private static DnsMessage Fill(DnsMessage response, DnsMessage query, LookupResult result) =>
        response with
        {
            Rcode = result.Rcode,
            Answers = [.. result.Answers.SelectMany(static set => set.Records)],
            Authorities = result.Soa is { } soa ? [.. soa.Records] : [],
            Edns =
                query.Edns is not null && result.Reason.Length > 0
                    ? new(Edns.DefaultPayloadSize)
                    {
                        Options = ExtendedError.Write(ExtendedError.NoReachableAuthority, result.Reason),
                    }
                    : null,
        };

    private static AnswerKind KindOf(DnsMessage response) =>
        response.Rcode switch
        {
            Rcode.NoError => response.Authorities.Count > 0 || response.Answers.Count == 0
                ? AnswerKind.NoData
                : AnswerKind.Answer,
            Rcode.NameError => AnswerKind.NameError,
            _ => AnswerKind.Failure,
        };
}

using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>One question of a stub resolver, from its beginning to its end.</summary>
internal sealed class StubLookup
{
    private readonly INetwork _network;
    private readonly DomainName _name;
    private readonly RecordType _type;

    /// <summary>Servers that have said that they cannot help, and what they said. Who only kept silent may be asked again.</summary>
    private readonly Dictionary<IpAddress, string> _failed = [];

    private EventId _cause;

    /// <param name="type">A or AAAA.</param>
    public StubLookup(INetwork network, DomainName name, RecordType type, EventId because)
    {
        (_network, _name, _type) = (network, name, type);
        _cause = network.Journal?.Tell(new LookupBegan(name.ToHostName(), type.ToString()), because) ?? because;
    }

    /// <summary>Asks server after server, each waited for as long as its turn allows.</summary>
    public async ValueTask<CacheAnswer> AskAsync(
        IReadOnlyList<IpAddress> servers,
        double[] patienceSeconds,
        CancellationToken stop
    )
    {
        if (servers.Count == 0)
            throw Fail("this host knows no name server");
        var silent = 0;
        for (var turn = 0; turn < patienceSeconds.Length && _failed.Count < servers.Count; turn++)
        {
            var server = NextServer(servers, turn);
            var patience = Duration.FromSeconds(patienceSeconds[turn]);
            if (await AskAsync(new(server, Port.Domain), turn + 1, patience, stop) is { } answer)
                return answer;
            if (!_failed.ContainsKey(server))
                silent++;
        }
        var said = servers.Where(_failed.ContainsKey).Distinct().Select(server => $"{server} said {_failed[server]}");
        var quiet = servers.Where(server => !_failed.ContainsKey(server)).Distinct().ToList();
        var reasons =
            quiet.Count > 0 ? said.Append($"no answer from {string.Join(", ", quiet)} after {silent} tries") : said;
        throw Fail(string.Join("; ", reasons));
    }

    /// <summary>Tells the journal how it ended, and the caller: addresses, or the reason that there are none.</summary>
    public NameAnswer End(CacheAnswer answer, bool fromCache)
    {
        var negative = answer.Kind != AnswerKind.Answer;
        var rcode = answer.Kind == AnswerKind.NameError ? Rcode.NameError : Rcode.NoError;
        var told = new LookupEnded(
            _name.ToHostName(),
            _type.ToString(),
            rcode.ToMnemonic(),
            negative ? "" : answer.Set.Summary,
            fromCache
        );
        _cause = Tell(told, _cause);
        return answer.Kind switch
        {
            AnswerKind.NameError => throw new NameResolutionException(
                _name.ToHostName(),
                SocketError.HostNotFound,
                "this name does not exist (NXDOMAIN)",
                _cause
            ),
            AnswerKind.NoData => throw new NameResolutionException(
                _name.ToHostName(),
                SocketError.NoData,
                $"this name exists, but has no {(_type == RecordType.A ? "IPv4" : "IPv6")} address",
                _cause
            ),
            _ => new([.. answer.Set.Data.Select(static data => ((AddressData)data).Address)], _cause),
        };
    }

    private IpAddress NextServer(IReadOnlyList<IpAddress> servers, int turn)
    {
        while (_failed.ContainsKey(servers[turn % servers.Count]))
            turn++;
        return servers[turn % servers.Count];
    }

    /// <summary>Null when the server did not answer, or not with an answer; <see cref="_failed"/> then knows which.</summary>
    private async ValueTask<CacheAnswer?> AskAsync(
        Endpoint server,
        int attempt,
        Duration patience,
        CancellationToken stop
    )
    {
        var question = new Question(_name, _type);
        var query = DnsMessage.Query(_network.Random.NextUInt16(), question, recursionDesired: true);
        var sent = Tell(new QuerySent(server, "", "", _name.ToHostName(), _type.ToString(), query.Id, attempt), _cause);
        using var limit = new CancellationTokenSource(patience.ToTimeSpan(), _network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            var random = _network.Random;
            var received = await DnsConversation.AskAsync(_network, random, server, query, sent, either.Token);
            if (received.Message.IsTruncated)
                received = await DnsConversation.AskOverTcpAsync(
                    _network,
                    server,
                    query,
                    received.Because,
                    either.Token
                );
            var kind = ScrubbedResponse.Read(received.Message, question, DomainName.Root, fromResolver: true).Kind;
            _cause = Tell(ResponseReceived.From(sent, server, received.Message, kind), received.Because);
            return Understand(received.Message, question, kind, server.Address);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            _cause = Tell(new QueryTimedOut(sent, server, attempt), sent);
        }
        catch (SocketException failure)
        {
            _failed[server.Address] = failure.SocketErrorCode.ToString();
        }
        catch (IOException)
        {
            _failed[server.Address] = nameof(SocketError.ConnectionReset);
        }
        return null;
    }

    private CacheAnswer? Understand(DnsMessage response, Question question, AnswerKind kind, IpAddress server)
    {
        var chain = AliasChain.Follow(question, response.Answers, DomainName.Root);
        switch (kind)
        {
            case AnswerKind.Answer:
                // Under the name that was asked: the program does not care about the way.
                var set = chain.Found! with
                {
                    Name = _name,
                    Ttl = chain.Ttl,
                };
                return new(kind, set, Credibility.Answer);
            case AnswerKind.NoData or AnswerKind.NameError:
                var soa = response.Authorities.Where(static record => record.Type == RecordType.SOA);
                var negative = RecordSet.Group(soa) is [var first, ..] ? first : NoSoa;
                return new(kind, negative, Credibility.Answer);
            default:
                _failed[server] = kind == AnswerKind.Failure ? response.Rcode.ToMnemonic() : $"only '{kind}'";
                return null;
        }
    }

    /// <summary>Without a SOA nobody says for how long there is nothing: it is not remembered (RFC 2308 §5).</summary>
    private static readonly RecordSet NoSoa = new(DomainName.Root, RecordType.SOA, 0, []);

    private NameResolutionException Fail(string why)
    {
        var rcode = Rcode.ServerFailure.ToMnemonic();
        _cause = Tell(new LookupEnded(_name.ToHostName(), _type.ToString(), rcode, "", FromCache: false, why), _cause);
        return new(_name.ToHostName(), SocketError.TryAgain, why, _cause);
    }

    private EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => _network.Journal?.Tell(what, because) ?? because;
}

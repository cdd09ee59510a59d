using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>A question, its response, and how it went: what <c>dig</c> shows.</summary>
public sealed record DnsExchange(
    Endpoint Server,
    DnsMessage Query,
    DnsMessage Response,
    Duration Time,
    int Length,
    bool OverTcp,
    EventId Because
)
{
    public override string ToString() =>
        $"{Response}\n;; Query time: {Time}\n;; SERVER: {Server} ({(OverTcp ? "TCP" : "UDP")})\n;; MSG SIZE  rcvd: {Length}\n";
}

/// <summary>Asks one server one question: over UDP, and over TCP when the response did not fit.</summary>
public static class DnsClient
{
    private const int Attempts = 3;
    private static readonly Duration Patience = Duration.FromSeconds(5);

    /// <summary>Throws <see cref="NameResolutionException"/> with <see cref="SocketError.TryAgain"/> when the server does not answer; what it answers, also 'no', is returned.</summary>
    public static async Task<DnsExchange> QueryAsync(
        INetwork network,
        Endpoint server,
        DomainName name,
        RecordType type,
        bool recursionDesired = true,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var why = "";
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var query = DnsMessage.Query(network.Random.NextUInt16(), new(name, type), recursionDesired);
            var sent = network.Journal?.Tell(
                new QuerySent(server, "", "", name.ToHostName(), type.ToString(), query.Id, attempt),
                because
            );
            var began = network.Loop.Now;
            using var patience = new CancellationTokenSource(Patience.ToTimeSpan(), network.Loop.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
            try
            {
                var received = await AskAsync(network, server, query, sent ?? because, either.Token);
                var kind = KindOf(received.Message, query);
                var told = network.Journal?.Tell(
                    ResponseReceived.From(sent ?? default, server, received.Message, kind),
                    received.Because
                );
                return new(
                    server,
                    query,
                    received.Message,
                    network.Loop.Now - began,
                    received.Length,
                    received.OverTcp,
                    told ?? received.Because
                );
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                because =
                    network.Journal?.Tell(new QueryTimedOut(sent ?? default, server, attempt), sent ?? because)
                    ?? because;
                why = $"no answer from {server} after {attempt} tries of {Patience}";
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                why = $"{server} cannot be asked: {failure.Message}";
            }
        }
        throw new NameResolutionException(name.ToHostName(), SocketError.TryAgain, why, because);
    }

    private static AnswerKind KindOf(DnsMessage response, DnsMessage query) =>
        ScrubbedResponse.Read(response, query.Questions[0], DomainName.Root, query.RecursionDesired).Kind;

    private static async ValueTask<DnsReceived> AskAsync(
        INetwork network,
        Endpoint server,
        DnsMessage query,
        EventId because,
        CancellationToken stop
    )
    {
        var received = await DnsConversation.AskAsync(network, network.Random, server, query, because, stop);
        return received.Message.IsTruncated
            ? await DnsConversation.AskOverTcpAsync(network, server, query, received.Because, stop)
            : received;
    }
}

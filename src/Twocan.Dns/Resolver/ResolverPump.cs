using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>Drives an <see cref="IterativeResolver"/> on a network: carries its queries out, their responses in, keeps its time, and writes the journal.</summary>
internal sealed class ResolverPump
{
    private readonly INetwork _network;
    private readonly IterativeResolver _resolver;
    private readonly RandomSource _random;
    private readonly LoopTimer _timer;
    private readonly Dictionary<OutgoingQuery, Exchange> _exchanges = [];
    private readonly Dictionary<Lookup, Signal> _waiting = [];

    public ResolverPump(INetwork network, IterativeResolver resolver, RandomSource random)
    {
        _network = network;
        _resolver = resolver;
        _random = random;
        _timer = network.Loop.CreateTimer(OnDue);
    }

    /// <summary>Null when the resolver has too much to do.</summary>
    public async ValueTask<Lookup?> ResolveAsync(Question question, EventId because, CancellationToken stop)
    {
        if (!_resolver.TryBegin(question, because, out var lookup))
            return null;
        if (!_waiting.TryGetValue(lookup, out var ended))
            _waiting.Add(lookup, ended = new(_network.Loop, _network.Name, $"the answer to {question}"));
        Turn();
        while (!lookup.IsFinished)
            await ended.WaitAsync(stop);
        return lookup;
    }

    private void OnDue()
    {
        while (_resolver.TryExpire(_network.Loop.Now, out var query))
        {
            if (!_exchanges.Remove(query, out var exchange))
                continue;
            query.Lookup.Cause = Tell(new QueryTimedOut(exchange.Sent, query.Server, query.Attempt), exchange.Sent);
            exchange.Stop.Cancel();
        }
        Turn();
    }

    private void Turn()
    {
        while (_resolver.TryTransmit(_network.Loop.Now, out var query))
            Send(query);
        while (_resolver.TryTakeFinished(out var lookup))
        {
            if (_waiting.Remove(lookup, out var ended))
                ended.Set();
        }
        _timer.Set(_resolver.Due);
    }

    private void Send(OutgoingQuery query)
    {
        var question = query.Message.Questions[0];
        var sent = Tell(
            new QuerySent(
                query.Server,
                query.ServerName.ToHostName(),
                query.Zone.ToString(),
                question.Name.ToHostName(),
                question.Type.ToString(),
                query.Message.Id,
                query.Attempt
            ),
            query.Lookup.Cause
        );
        var exchange = new Exchange(sent, new CancellationTokenSource());
        _exchanges.Add(query, exchange);
        _network.Loop.Start("resolver", () => ConverseAsync(query, exchange));
    }

    private async Task ConverseAsync(OutgoingQuery query, Exchange exchange)
    {
        using var stop = exchange.Stop;
        try
        {
            var received = query.OverTcp
                ? await DnsConversation.AskOverTcpAsync(
                    _network,
                    query.Server,
                    query.Message,
                    exchange.Sent,
                    stop.Token
                )
                : await DnsConversation.AskAsync(
                    _network,
                    _random,
                    query.Server,
                    query.Message,
                    exchange.Sent,
                    stop.Token
                );
            if (_resolver.TryConsume(query, query.Server, received.Message, _network.Loop.Now, out var kind))
                query.Lookup.Cause = Tell(
                    ResponseReceived.From(exchange.Sent, query.Server, received.Message, kind),
                    received.Because
                );
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (SocketException failure)
        {
            _resolver.OnUnreachable(query, $"cannot be asked: {failure.SocketErrorCode}");
        }
        catch (IOException failure)
        {
            _resolver.OnUnreachable(query, $"cannot be asked: {failure.Message}");
        }
        _exchanges.Remove(query);
        Turn();
    }

    private EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => _network.Journal?.Tell(what, because) ?? because;

    private sealed record Exchange(EventId Sent, CancellationTokenSource Stop);
}

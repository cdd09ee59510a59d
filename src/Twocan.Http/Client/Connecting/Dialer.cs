using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>An address that was tried: when, and what became of it.</summary>
/// <param name="Ended">Null when a faster one made it needless.</param>
/// <param name="Error">Null when it succeeded, or was given up.</param>
public sealed record ConnectAttempt(Endpoint To, Instant Began)
{
    public Instant? Ended { get; internal set; }

    public SocketError? Error { get; internal set; }

    /// <summary>It is the one that carries the exchange.</summary>
    public bool IsTaken { get; internal set; }
}

/// <summary>Turns a host's name into a connection: asks for its addresses, and tries them as <see cref="HappyEyeballs"/> says.</summary>
internal sealed class Dialer(INetwork network, INameResolver resolver)
{
    /// <summary>The first connection that stands. What is under way then is given up, and leaves nothing behind.</summary>
    public async ValueTask<TcpStream> ConnectAsync(
        Url url,
        string host,
        Port port,
        ResponseTiming timing,
        FetchPatience patience,
        EventId because
    )
    {
        var call = new Call(network, port, timing, patience);
        try
        {
            return await call.RunAsync(resolver, host, because);
        }
        catch (NameResolutionException failure)
        {
            var why = failure.Because.IsNone ? because : failure.Because;
            throw Failures.Tell(network, url, FetchStep.Resolve, failure, -1, why);
        }
        catch (SocketException failure)
        {
            var why = failure is CausedSocketException { Because.IsNone: false } caused ? caused.Because : call.Because;
            throw Failures.Tell(network, url, FetchStep.Connect, failure, -1, why);
        }
    }

    private sealed class Call
    {
        private readonly INetwork _network;
        private readonly Port _port;
        private readonly ResponseTiming _timing;
        private readonly FetchPatience _patience;
        private readonly Signal _changed;
        private readonly CancellationTokenSource _over;
        private HappyEyeballs _eyeballs = null!;
        private NameResolutionException? _noName;
        private SocketException? _failure;
        private TcpStream? _stream;
        private bool _isOver;
        private int _running;

        public Call(INetwork network, Port port, ResponseTiming timing, FetchPatience patience)
        {
            (_network, _port, _timing, _patience) = (network, port, timing, patience);
            _changed = new(network.Loop, network.Name, "a connection");
            _over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        }

        /// <summary>The last answer of a name server.</summary>
        public EventId Because { get; private set; }

        public async ValueTask<TcpStream> RunAsync(INameResolver resolver, string host, EventId because)
        {
            var loop = _network.Loop;
            var timer = loop.CreateTimer(_changed.Set);
            Because = because;
            _patience.Enter(FetchPhase.Name);
            try
            {
                if (resolver is IFamilyResolver { AsksBoth: true } both)
                {
                    _eyeballs = new(_network.Sort, answers: 2);
                    Ask(both.ResolveAsync(host, IpFamily.V6, because, _over.Token));
                    Ask(both.ResolveAsync(host, IpFamily.V4, because, _over.Token));
                }
                else
                {
                    // One question; the resolver has put its answer in order.
                    _eyeballs = new(static addresses => [.. addresses], answers: 1);
                    Ask(resolver.ResolveAsync(host, because, _over.Token));
                }
                while (_stream is null)
                {
                    while (_eyeballs.TryNext(loop.Now, out var address))
                        Try(address);
                    if (_eyeballs.IsExhausted)
                        throw _failure ?? _noName ?? new SocketException((int)SocketError.NoData);
                    timer.Set(_eyeballs.Due);
                    await _changed.WaitAsync(_patience.Token);
                }
                _timing.Connected = loop.LookAtTheClock();
                return _stream;
            }
            catch
            {
                _stream?.Dispose();
                throw;
            }
            finally
            {
                _isOver = true;
                timer.Cancel();
                _over.Cancel();
                // Those that were given up close their sockets first.
                while (_running > 0)
                    await _changed.WaitAsync();
                _over.Dispose();
            }
        }

        private void Ask(ValueTask<NameAnswer> question) =>
            _network.Loop.Start($"{_network.Name} name", () => HearAsync(question));

        private async Task HearAsync(ValueTask<NameAnswer> question)
        {
            IReadOnlyList<IpAddress> addresses = [];
            try
            {
                var answer = await question;
                addresses = answer.Addresses;
                if (answer.Because.Value > Because.Value)
                    Because = answer.Because;
            }
            catch (NameResolutionException none)
            {
                // Of two reasons, that one name server was silent says more than that the other kind is not there.
                if (_noName is null || none.SocketErrorCode == SocketError.TryAgain)
                    _noName = none;
            }
            if (_isOver)
                return;
            if (addresses.Count > 0 && _timing.Resolved is null)
            {
                _timing.Resolved = _network.Loop.LookAtTheClock();
                _patience.Enter(FetchPhase.Connect);
            }
            _eyeballs.OnAnswer(addresses, _network.Loop.Now);
            _changed.Set();
        }

        private void Try(IpAddress address)
        {
            var attempt = new ConnectAttempt(new(address, _port), _network.Loop.LookAtTheClock());
            _timing.Attempts.Add(attempt);
            _running++;
            _network.Loop.Start($"{_network.Name} connection", () => TryAsync(attempt));
        }

        private async Task TryAsync(ConnectAttempt attempt)
        {
            try
            {
                _over.Token.ThrowIfCancellationRequested();
                var stream = await _network.ConnectAsync(attempt.To, Because, _over.Token);
                attempt.Ended = _network.Loop.LookAtTheClock();
                if (_isOver || _stream is not null)
                {
                    // Two at the same moment: the first is taken.
                    stream.Dispose();
                    return;
                }
                attempt.IsTaken = true;
                _stream = stream;
            }
            catch (SocketException failure)
            {
                (attempt.Ended, attempt.Error) = (_network.Loop.LookAtTheClock(), failure.SocketErrorCode);
                // The first reason is that of the address that was to be taken.
                _failure ??= failure;
                _eyeballs.OnFailed(_network.Loop.Now);
            }
            finally
            {
                _running--;
                _changed.Set();
            }
        }
    }
}

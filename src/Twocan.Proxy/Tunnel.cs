using System.Net.Sockets;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Proxy;

/// <summary>
/// A tunnel (RFC 9110 §9.3.6): what the client says goes to the server as it is, and the other way round, until both have said
/// their last. A side that ends alone is passed on as such (half-close).
/// </summary>
internal sealed class Tunnel(ProxyHandler proxy, ServerRequest request)
{
    private const int PieceLength = 16 * 1024;

    private readonly string _target = request.Head.Target;
    private EventId _because = request.Because;
    private Instant _lastSaid;
    private long _up;
    private long _down;

    public async ValueTask<Answer> OpenAsync(CancellationToken stop)
    {
        if (!Url.TryParse($"http://{_target}/", null, out var url, out var why))
            return proxy.Refuse(request, 400, $"This is no host and port: {why}");
        var port = url.WrittenPort ?? Port.Http;
        if (!proxy.Options.TunnelPorts.Contains(port))
            return proxy.Refuse(
                request,
                403,
                $"This proxy makes tunnels to port {string.Join(", ", proxy.Options.TunnelPorts)} only."
            );
        var loop = proxy.Network.Loop;
        using var patience = new CancellationTokenSource(proxy.Options.OriginTimeout.ToTimeSpan(), loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            var server = await proxy.Client.ConnectAsync(url, _because, either.Token);
            _because = Tell(new TunnelOpened(_target));
            return new(200)
            {
                Reason = "Connection Established",
                Because = _because,
                Tunnel = (client, end) => PassAsync(client, server, end),
            };
        }
        catch (FetchFailedException failed)
        {
            return Fail(OriginFailure.Of(failed));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Fail(OriginFailure.OfTimeOut(proxy.Options.OriginTimeout, _because));
        }
    }

    private Answer Fail(OriginFailure failure) =>
        proxy.Fail(
            _target,
            failure.Status,
            $"The proxy could not get to {_target}: {failure.Why}.",
            failure.Error,
            failure.Because.IsNone ? _because : failure.Because
        );

    private async Task PassAsync(Stream client, TcpStream server, CancellationToken stop)
    {
        var loop = proxy.Network.Loop;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ended = new Signal(loop, proxy.Network.Name, $"the end of the tunnel to {_target}");
        var (left, timer) = (2, default(LoopTimer));
        _lastSaid = loop.Now;
        timer = loop.CreateTimer(() =>
        {
            var due = _lastSaid + proxy.Options.TunnelPatience;
            if (due <= loop.Now)
                over.Cancel();
            else
                timer!.Set(due);
        });
        timer.Set(loop.Now + proxy.Options.TunnelPatience);
        using (server)
        {
            loop.Start("tunnel", () => OneWayAsync(client, server, isUp: true));
            loop.Start("tunnel", () => OneWayAsync(server, client, isUp: false));
            while (left > 0)
                await ended.WaitAsync(default);
        }
        timer.Cancel();
        Tell(new TunnelClosed(_target, _up, _down));

        async Task OneWayAsync(Stream from, Stream to, bool isUp)
        {
            try
            {
                await CopyAsync(from, to, isUp, over.Token);
                if (to is TcpStream there)
                    there.ShutdownWrite();
                else
                    over.Cancel();
            }
            catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException)
            {
                // What one side breaks off is of no use to the other.
                over.Cancel();
            }
            finally
            {
                left--;
                ended.Set();
            }
        }
    }

    private async ValueTask CopyAsync(Stream from, Stream to, bool isUp, CancellationToken stop)
    {
        var buffer = new byte[PieceLength];
        while (await from.ReadAsync(buffer, stop) is > 0 and var length)
        {
            _lastSaid = proxy.Network.Loop.Now;
            if (from is TcpStream { LastArrival.IsNone: false } source && to is TcpStream sink)
                sink.Because = source.LastArrival;
            await to.WriteAsync(buffer.AsMemory(0, length), stop);
            _up += isUp ? length : 0;
            _down += isUp ? 0 : length;
        }
    }

    private EventId Tell<T>(in T what)
        where T : struct, IJournalEvent => proxy.Network.Journal?.Tell(what, _because) ?? _because;
}

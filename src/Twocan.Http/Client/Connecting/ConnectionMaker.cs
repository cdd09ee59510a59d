using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>Makes a new connection along a route: TCP, then a tunnel where a proxy stands before an https server, then TLS.</summary>
internal sealed class ConnectionMaker(INetwork network, INameResolver resolver, WebClientOptions options)
{
    private readonly Dialer _dialer = new(network, resolver);

    /// <param name="proxyAuthorization">What the proxy is told of who asks for a tunnel.</param>
    public async ValueTask<ClientConnection> ConnectAsync(
        Url url,
        FetchRoute route,
        string? proxyAuthorization,
        ResponseTiming timing,
        FetchPatience patience,
        EventId because
    )
    {
        var (host, port) = route.Tunnel is { } proxy ? (proxy.Host, proxy.Port) : (route.Host, route.Port);
        var tcp = await _dialer.ConnectAsync(url, host, port, timing, patience, because);
        // A request is written as a whole; waiting for more would only hold it back.
        tcp.NoDelay = true;
        try
        {
            if (route.Tunnel is not null)
                await OpenTunnelAsync(url, route, tcp, proxyAuthorization, patience);
            return new(
                route,
                tcp,
                route.IsSecure ? await SecureAsync(url, route, tcp, timing, patience) : null,
                options.Limits
            );
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>RFC 9110 §9.3.6: asks the proxy to put through whatever is said from now on.</summary>
    private async ValueTask OpenTunnelAsync(
        Url url,
        FetchRoute route,
        TcpStream tcp,
        string? authorization,
        FetchPatience patience
    )
    {
        var fields = new Fields().Add("Host", route.Authority);
        if (options.UserAgent is { } agent)
            fields.Add("User-Agent", agent);
        if (authorization is not null)
            fields.Add("Proxy-Authorization", authorization);
        var head = new RequestHead(Methods.Connect, route.Authority, HttpVersion.Http11, fields);
        var sent = Tell(
            new RequestSent(tcp.Descriptor, head.Method, head.Target, route.Tunnel!.ToString(), head.ToString()),
            tcp.Because
        );
        tcp.Because = sent;
        var reader = new ResponseReader(options.Limits);
        var messages = new MessageConnection(tcp, reader);
        reader.Expect(Methods.Connect);
        MessageEvent happened;
        try
        {
            await tcp.WriteAsync(Encoding.Latin1.GetBytes(head.ToString()), patience.Token);
            patience.Enter(FetchPhase.FirstByte);
            do happened = await messages.NextAsync(patience.Token);
            while (happened == MessageEvent.Interim);
        }
        catch (SocketException failure)
        {
            throw Failures.Tell(network, url, FetchStep.Tunnel, failure, tcp.Descriptor, sent);
        }
        var answer = reader.Head;
        if (happened == MessageEvent.Head && answer is { Status: >= 200 and < 300 } && !messages.HasUnread)
        {
            tcp.Because = Tell(
                new ResponseBegan(tcp.Descriptor, answer.Status, answer.Reason, answer.ToString()),
                tcp.LastArrival.IsNone ? sent : tcp.LastArrival
            );
            return;
        }
        var why =
            happened != MessageEvent.Head ? "the proxy's answer is no HTTP"
            : messages.HasUnread ? "the proxy says more than it was asked"
            : $"the proxy {route.Tunnel} makes no tunnel to {route.Authority}: {answer!.Status} {answer.Reason}".TrimEnd();
        var failed = Failures.Tell(network, url, FetchStep.Tunnel, null, why, tcp.Descriptor, sent);
        throw happened == MessageEvent.Head && answer!.Status == 407 ? failed.With(answer) : failed;
    }

    private async ValueTask<TlsStream> SecureAsync(
        Url url,
        FetchRoute route,
        TcpStream tcp,
        ResponseTiming timing,
        FetchPatience patience
    )
    {
        patience.Enter(FetchPhase.Tls);
        try
        {
            var handshake = new ClientHandshake(options.Tls, route.Host, network.Loop.UtcNow);
            var tls = await handshake.RunAsync(tcp, patience.Token);
            timing.Secured = network.Loop.LookAtTheClock();
            var because = tcp.LastArrival.IsNone ? tcp.Because : tcp.LastArrival;
            tcp.Because = Tell(
                new TlsEstablished(
                    tcp.Descriptor,
                    tls.Version,
                    tls.CipherSuite,
                    tls.PeerName ?? "",
                    tls.Protocol,
                    handshake.Certificates,
                    handshake.IsProven
                ),
                because
            );
            return tls;
        }
        catch (TlsException failure)
        {
            var why = $"no TLS with {route.Authority}: {failure.Message}";
            throw Failures.Tell(network, url, FetchStep.Secure, null, why, tcp.Descriptor, tcp.Because, failure);
        }
        catch (SocketException failure)
        {
            throw Failures.Tell(network, url, FetchStep.Secure, failure, tcp.Descriptor, tcp.Because);
        }
    }

    private EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => network.Journal?.Tell(what, because) ?? because;
}

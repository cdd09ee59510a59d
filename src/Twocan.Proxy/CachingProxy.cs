using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Proxy;

/// <summary>
/// A caching forward proxy, as a program of any host: it stands between browsers and web servers, asks in their place,
/// and keeps the answers to give them again.
/// <para>
/// Theory of operation. A client's request comes in through <see cref="HttpServer"/>; <see cref="ProxyHandler"/> looks
/// whether it is one for a proxy, and each becomes a <see cref="CacheExchange"/>, which asks <see cref="CachePolicy"/> and
/// does what it says: serve from the store, or send a request of the proxy's own (its own resolver, its own connections)
/// and pass the answer on while it arrives, with a copy for the store. Nothing is stored before its last byte is there.
/// </para>
/// </summary>
public sealed class CachingProxy(Func<INetwork, INameResolver> resolver, ProxyOptions? options = null) : IProgram
{
    public string Name => "caching proxy";

    public ProxyOptions Options { get; } = options ?? new();

    public async Task RunAsync(INetwork network, CancellationToken stop)
    {
        var store = Options.OpenStore();
        // The browser's own User-Agent and Accept are passed on; where it has none, the proxy adds none.
        using var client = new WebClient(network, resolver(network), new() { UserAgent = null, Accept = null });
        using (store as IDisposable)
        {
            var handler = new ProxyHandler(network, client, store, Options);
            var server = new HttpServer(
                handler,
                new()
                {
                    Listen = Options.Listen,
                    Software = null,
                    IsProxy = true,
                    Limits = Options.Limits,
                }
            );
            await server.RunAsync(network, stop);
        }
    }
}

using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>Accepts connections, and holds a conversation on each: requests in, a handler's answers out.</summary>
public sealed class HttpServer(IRequestHandler handler, ServerOptions? options = null)
{
    private int _connections;

    public ServerOptions Options { get; } = options ?? new();

    /// <summary>Conversations that are going on.</summary>
    public int Connections => _connections;

    public async Task RunAsync(INetwork network, CancellationToken stop)
    {
        var freed = new Signal(network.Loop, network.Name, "a connection to end, for there are too many");
        using var listener = network.Listen(Options.Listen);
        while (true)
        {
            while (_connections >= Options.MaxConnections)
                await freed.WaitAsync(stop);
            var stream = await listener.AcceptAsync(stop);
            _connections++;
            network.Loop.Start(
                $"{network.Name} conversation {stream.Descriptor}",
                async () =>
                {
                    try
                    {
                        using var conversation = new ServerConversation(network, handler, Options, stream, stop);
                        await conversation.RunAsync();
                    }
                    catch (SocketException)
                    {
                        // The client is gone; there is nobody left to tell.
                    }
                    finally
                    {
                        _connections--;
                        freed.Set();
                    }
                }
            );
        }
    }
}

using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>A web server, as a program of any host.</summary>
public sealed class WebServer(Func<INetwork, IRequestHandler> handler, ServerOptions? options = null) : IProgram
{
    /// <summary>One for the documents of a root.</summary>
    public WebServer(IDocumentRoot root, ServerOptions? options = null, SiteOptions? site = null)
        : this(_ => new StaticFiles(root, site), options) { }

    public string Name => "web server";

    public ServerOptions Options { get; } = options ?? new();

    public Task RunAsync(INetwork network, CancellationToken stop) =>
        new HttpServer(handler(network), Options).RunAsync(network, stop);
}

using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>A web server for the documents of a root, as a program of any host.</summary>
public sealed class WebServer(IDocumentRoot root, ServerOptions? options = null, SiteOptions? site = null) : IProgram
{
    private readonly HttpServer _server = new(new StaticFiles(root, site), options);

    public string Name => "web server";

    public ServerOptions Options => _server.Options;

    public Task RunAsync(INetwork network, CancellationToken stop) => _server.RunAsync(network, stop);
}

using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer.Tests;

/// <summary>A page over this machine's loopback, from our own web server.</summary>
public sealed class HostExplorationTests
{
    private static Journey Explore(Func<Port, string> url)
    {
        var loop = HostNetwork.OpenLoop();
        using var driver = loop.Driver as IDisposable;
        var journal = new Journal(loop);
        var network = new HostNetwork(loop, journal.For(Environment.MachineName));
        var pages = Path.Combine(AppContext.BaseDirectory, "worlds", "cyber", "www.lab.cyber.co.kr");
        return loop.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            // A network of its own: what the server does is not the browser's journey.
            var address = new Endpoint(IpAddress.Loopback, FreePort(network));
            var server = new WebServer(new DirectoryRoot(pages), new() { Listen = address });
            loop.Start("server", () => server.RunAsync(new HostNetwork(loop), stop.Token));
            await loop.YieldAsync();
            var journey = await new HostExploration(network, journal, Url.Parse(url(address.Port)), null, 1).RunAsync();
            stop.Cancel();
            return journey;
        });
    }

    private static Port FreePort(HostNetwork network)
    {
        using var listener = network.Listen(new Endpoint(IpAddress.Loopback, 0));
        return listener.LocalEndpoint.Port;
    }

    [Fact]
    public void The_story_is_what_a_program_can_know()
    {
        var journey = Explore(static port => $"http://127.0.0.1:{port}/sample1.htm");
        Assert.True(journey.IsWhole, journey.Failure?.Why);
        Assert.Equal([632, 6419], journey.Resources.Select(static resource => resource.Bytes));
        foreach (var language in (Language[])[Language.English, Language.Korean])
        {
            var story = StoryWriter.Write(journey, language);
            Assert.Equal(
                ["url", "request", "names", "socket", "response", "pictures", "totals"],
                story.Chapters.Select(static chapter => chapter.Id)
            );
        }
    }
}

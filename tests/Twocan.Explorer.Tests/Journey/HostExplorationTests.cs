using System.Security.Cryptography.X509Certificates;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer.Tests;

/// <summary>A page over this machine's loopback, from our own web server.</summary>
public sealed class HostExplorationTests
{
    private static Journey Explore(Func<Port, string> url, bool isSecure = false, bool isKnown = true)
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
            using var certificate = isSecure ? OwnCertificate.Make(["localhost", "127.0.0.1"], loop.UtcNow) : null;
            var server = new WebServer(new DirectoryRoot(pages), new() { Listen = address, Certificate = certificate });
            loop.Start("server", () => server.RunAsync(new HostNetwork(loop), stop.Token));
            await loop.YieldAsync();
            var journey = await new HostExploration(network, journal, Url.Parse(url(address.Port)), null, 1)
            {
                Tls = certificate is null
                    ? new()
                    : new()
                    {
                        AcceptsAnybody = !isKnown,
                        Authorities = isKnown
                            ? [X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert))]
                            : [],
                    },
            }.RunAsync();
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
                ["url", "request", "names", "socket", "response", "pictures", "kernel", "totals"],
                story.Chapters.Select(static chapter => chapter.Id)
            );
        }
    }

    [Fact]
    public void Of_each_connection_the_kernel_s_account_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TCP_INFO is Linux's");
        var journey = Explore(static port => $"http://127.0.0.1:{port}/sample2.htm");
        Assert.True(journey.IsWhole, journey.Failure?.Why);
        Assert.Equal(6, journey.HostConnections.Count);
        Assert.All(
            journey.HostConnections,
            it =>
            {
                Assert.True(it.Began.At <= it.Opened && it.Opened <= it.Closed);
                Assert.NotNull(it.Local);
                Assert.InRange(it.Info!.Value.SegmentSize, 536, 65_535);
                Assert.True(it.Info.Value.SmoothedRtt >= it.Info.Value.MinRtt && it.Info.Value.MinRtt > Duration.Zero);
                Assert.True(it.Info.Value.CongestionWindow >= it.Info.Value.SegmentSize);
                Assert.True(it.Info.Value is { SegmentsSent: > 2, SegmentsReceived: > 1 });
            }
        );
        // Heads and bodies came over these, and nothing else.
        var bodies = journey.Resources.Sum(static one => one.Bytes);
        var heads = journey.Resources.Sum(static one => one.Response!.Value.Head.Length);
        Assert.Equal(bodies + heads, journey.HostConnections.Sum(static it => it.Info!.Value.BytesReceived));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_https_version_cipher_certificates_and_protocol_are_told(bool isKnown)
    {
        var journey = Explore(static port => $"https://localhost:{port}/sample1.htm", isSecure: true, isKnown);
        Assert.True(journey.IsWhole, journey.Failure?.Why);
        var connection = Assert.Single(journey.HostConnections, static it => it.Opened is not null);
        var tls = connection.Tls!.Value;
        Assert.True(connection.Opened < connection.Secured && connection.Secured < connection.Closed);
        Assert.StartsWith("TLS 1.", tls.Version, StringComparison.Ordinal);
        Assert.StartsWith("TLS_", tls.CipherSuite, StringComparison.Ordinal);
        Assert.Equal("http/1.1", tls.Protocol);
        Assert.Equal(isKnown, tls.IsProven);
        var certificate = Assert.Single(tls.Certificates);
        Assert.Equal(["localhost", "127.0.0.1"], certificate.Names);
        Assert.Equal("RSA 2048", certificate.Key);
        foreach (var language in (Language[])[Language.English, Language.Korean])
            Assert.Contains(StoryWriter.Write(journey, language).Chapters, static chapter => chapter.Id == "tls");
    }
}

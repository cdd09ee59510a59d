using System.Security.Cryptography.X509Certificates;
using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Proxy.Tests;

public sealed class TunnelTests
{
    private static async Task EchoAsync(INetwork network, int port)
    {
        using var listener = network.Listen(new Port((ushort)port));
        using var stream = await listener.AcceptAsync();
        await stream.CopyToAsync(stream);
    }

    [Fact]
    public void What_goes_through_a_tunnel_goes_through_unread_and_a_goodbye_too()
    {
        using var home = new Home(journal: true);
        home.Run(async () =>
        {
            home.Loop.Start("echo", () => EchoAsync(home.Www.Network, 443));
            using var stream = await home.Pc.Network.ConnectAsync(
                new Endpoint(home.Proxy.Address!.Value, Port.HttpProxy)
            );
            await stream.WriteAsync(
                "CONNECT www.home:443 HTTP/1.1\r\nHost: www.home:443\r\n\r\n\0\u0001not HTTP"u8.ToArray()
            );
            stream.ShutdownWrite();
            var heard = new MemoryStream();
            await stream.CopyToAsync(heard);
            var text = Encoding.Latin1.GetString(heard.ToArray());
            Assert.StartsWith("HTTP/1.1 200 Connection Established\r\n", text);
            Assert.DoesNotContain("Content-Length", text);
            Assert.DoesNotContain("Transfer-Encoding", text);
            Assert.EndsWith("\r\n\r\n\0\u0001not HTTP", text);
        });
        var closed = home.World.Journal!.Entries.Select(entry => entry.What).OfType<TunnelClosed>().Single();
        Assert.Equal(new TunnelClosed("www.home:443", 10, 10), closed);
    }

    [Theory]
    [InlineData("www.home:25", 403)]
    [InlineData("www.home:80", 403)]
    [InlineData("nobody.home:443", 502)]
    [InlineData("www.home:443", 502)]
    public void A_tunnel_that_may_not_be_or_cannot_be_is_refused_and_says_why(string target, int status)
    {
        using var home = new Home();
        home.Run(async () =>
        {
            var answer = await home.Raw($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        });
    }

    [Fact]
    public void Https_comes_through_our_own_proxy_in_a_world()
    {
        using var home = new Home();
        using var certificate = OwnCertificate.Make(["10.0.0.3"], home.Loop.UtcNow);
        home.Run(async () =>
        {
            home.Loop.Start("https", () => ServeAsync(home.Www.Network, certificate));
            await home.Pass(0.001);
            var options = new WebClientOptions
            {
                ProxyRules = ProxyRules.Always(new("10.0.0.2", Port.HttpProxy)),
                Tls = new()
                {
                    Authorities = [X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert))],
                },
            };
            using var client = new WebClient(home.Pc.Network, new Literal(), options);
            using var response = await client.GetAsync(Url.Parse("https://10.0.0.3/"));
            Assert.Equal("ok", Encoding.ASCII.GetString(await response.ReadAllAsync()));
            Assert.Equal("TLS 1.3", response.Connection.Tls);
        });
    }

    private static async Task ServeAsync(INetwork network, X509Certificate2 certificate)
    {
        using var listener = network.Listen(new Port(443));
        using var tcp = await listener.AcceptAsync();
        using var tls = await TlsStream.AuthenticateAsServerAsync(tcp, new() { ServerCertificate = certificate });
        var buffer = new byte[4096];
        while (await tls.ReadAsync(buffer) > 0)
            await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
    }

    private sealed class Literal : INameResolver
    {
        public ValueTask<NameAnswer> ResolveAsync(string name, EventId because, CancellationToken stop) =>
            new(new NameAnswer([IpAddress.Parse(name)], because));
    }
}

using System.Security.Cryptography.X509Certificates;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

/// <summary>https, straight and through a tunnel.</summary>
public sealed class HttpsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly X509Certificate2 s_certificate = OwnCertificate.Make(
        ["www.lab.cyber.co.kr"],
        PipeInternet.Epoch
    );
    private static readonly X509Certificate2 s_old = OwnCertificate.Make(
        ["www.lab.cyber.co.kr"],
        PipeInternet.Epoch.AddYears(-3)
    );

    private readonly Site _site = new();

    private static TlsSettings Trusting(X509Certificate2 certificate) =>
        new() { Authorities = [X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert))] };

    /// <summary>Answers each request over TLS with the same.</summary>
    private async Task ServeAsync(X509Certificate2 certificate)
    {
        using var listener = _site.Www.Listen(new Port(443));
        await foreach (var tcp in listener.AcceptAllAsync())
            _site.Loop.Start("tls", () => ConverseAsync(tcp, certificate));
    }

    private static async Task ConverseAsync(TcpStream tcp, X509Certificate2 certificate)
    {
        using (tcp)
        {
            try
            {
                using var tls = await TlsStream.AuthenticateAsServerAsync(
                    tcp,
                    new() { ServerCertificate = certificate }
                );
                var buffer = new byte[4096];
                while (await tls.ReadAsync(buffer) > 0)
                    await tls.WriteAsync(Encoding.ASCII.GetBytes(Ok));
            }
            catch (IOException)
            {
                // The client does not believe it.
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Nor says so.
            }
        }
    }

    private void Run(X509Certificate2 certificate, Func<Task> test) =>
        _site.Internet.Run(async () =>
        {
            _site.Loop.Start("https", () => ServeAsync(certificate));
            await _site.Loop.YieldAsync();
            await test();
        });

    private static async Task<string> TextOf(ClientResponse response)
    {
        using (response)
            return Encoding.Latin1.GetString(await response.ReadAllAsync());
    }

    [Fact]
    public void A_page_comes_over_TLS_and_the_connection_is_kept() =>
        Run(
            s_certificate,
            async () =>
            {
                using var client = _site.Client(new() { Tls = Trusting(s_certificate) });
                using var first = await client.GetAsync(Url.Parse("https://www.lab.cyber.co.kr/"));
                Assert.Equal("ok", await TextOf(first));
                Assert.Equal("TLS 1.3", first.Connection.Tls);
                Assert.NotNull(first.Timing.Secured);
                using var second = await client.GetAsync(Url.Parse("https://www.lab.cyber.co.kr/"));
                Assert.True(second.Connection.WasReused);
                Assert.Equal("ok", await TextOf(second));
                Assert.Equal(1, _site.Pc.Connects);
            }
        );

    [Theory]
    [InlineData("www.lab.cyber.co.kr", false, "signed by nobody but itself")]
    [InlineData("192.0.2.226", true, "is for www.lab.cyber.co.kr, and not for 192.0.2.226")]
    public void A_certificate_that_is_not_believed_says_why(string host, bool trusts, string why) =>
        Run(
            s_certificate,
            async () =>
            {
                using var client = _site.Client(new() { Tls = trusts ? Trusting(s_certificate) : new() });
                var failure = await Assert.ThrowsAsync<FetchFailedException>(() =>
                    client.GetAsync(Url.Parse($"https://{host}/")).AsTask()
                );
                Assert.Equal(FetchStep.Secure, failure.Step);
                Assert.Contains(why, failure.Why);
                Assert.Empty(_site.Pc.OpenDescriptors);
                using var bold = _site.Client(new() { Tls = new() { AcceptsAnybody = true } });
                Assert.Equal("ok", await TextOf(await bold.GetAsync(Url.Parse($"https://{host}/"))));
            }
        );

    [Fact]
    public void A_certificate_has_its_time_and_it_is_the_worlds() =>
        Run(
            s_old,
            async () =>
            {
                using var client = _site.Client(new() { Tls = Trusting(s_old) });
                var failure = await Assert.ThrowsAsync<FetchFailedException>(() =>
                    client.GetAsync(Url.Parse("https://www.lab.cyber.co.kr/")).AsTask()
                );
                Assert.Contains("its certificate ended on 2018-", failure.Why);
            }
        );

    [Fact]
    public void Through_a_proxy_https_goes_by_a_tunnel() =>
        Run(
            s_certificate,
            async () =>
            {
                var asked = new List<string>();
                _site.Loop.Start("tunnels", () => TunnelAsync(asked));
                await _site.Loop.YieldAsync();
                var proxy = new ProxyAddress("proxy.home", new(3128)) { Credentials = new("user", "secret") };
                using var client = _site.Client(new() { Tls = Trusting(s_certificate), Proxy = proxy });
                using var response = await client.GetAsync(Url.Parse("https://www.lab.cyber.co.kr/"));
                Assert.Equal("ok", await TextOf(response));
                Assert.StartsWith(
                    "CONNECT www.lab.cyber.co.kr:443 HTTP/1.1\r\nHost: www.lab.cyber.co.kr:443\r\n",
                    asked[0]
                );
                Assert.Contains("Proxy-Authorization: Basic", asked[0]);
                var refused = await Assert.ThrowsAsync<FetchFailedException>(() =>
                    client.GetAsync(Url.Parse("https://www.lab.cyber.co.kr:444/")).AsTask()
                );
                Assert.Equal(FetchStep.Tunnel, refused.Step);
                Assert.Contains("makes no tunnel to www.lab.cyber.co.kr:444: 403 No", refused.Why);
            }
        );

    private async Task TunnelAsync(List<string> asked)
    {
        using var listener = _site.Www.Listen(new Port(3128));
        await foreach (var stream in listener.AcceptAllAsync())
        {
            var buffer = new byte[4096];
            var length = await stream.ReadAsync(buffer);
            asked.Add(Encoding.Latin1.GetString(buffer, 0, length));
            if (!asked[^1].Contains(":443 "))
            {
                await stream.WriteAsync("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                stream.Dispose();
                continue;
            }
            var server = await _site.Www.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 443));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            _site.Loop.Start("there", () => stream.CopyToAsync(server));
            _site.Loop.Start("back", () => server.CopyToAsync(stream));
        }
    }
}

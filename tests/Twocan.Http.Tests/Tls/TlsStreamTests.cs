using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Http.Tests;

public sealed class TlsStreamTests
{
    private static readonly X509Certificate2 s_certificate = OwnCertificate.Make(
        ["www.lab.cyber.co.kr", "192.0.2.226"],
        PipeInternet.Epoch
    );

    private readonly Site _site = new();

    private static SslClientAuthenticationOptions TrustingIt(string name) =>
        new()
        {
            TargetHost = name,
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { s_certificate },
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = PipeInternet.Epoch.UtcDateTime,
            },
        };

    private static async Task EchoAsync(INetwork network, CancellationToken stop)
    {
        using var listener = network.Listen(new Port(443));
        using var tcp = await listener.AcceptAsync(stop);
        using var tls = await TlsStream.AuthenticateAsServerAsync(
            tcp,
            new() { ServerCertificate = s_certificate },
            stop
        );
        var buffer = new byte[1000];
        while (await tls.ReadAsync(buffer, stop) is > 0 and var length)
            await tls.WriteAsync(buffer.AsMemory(0, length), stop);
        await tls.ShutdownWriteAsync();
    }

    [Fact]
    public void What_is_said_over_TLS_comes_back_and_the_goodbye_is_heard() =>
        _site.Internet.Run(async () =>
        {
            _site.Loop.Start("echo", () => EchoAsync(_site.Www, default));
            await _site.Loop.YieldAsync();
            using var tcp = await _site.Pc.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 443));
            using var tls = await TlsStream.AuthenticateAsClientAsync(tcp, TrustingIt("www.lab.cyber.co.kr"));
            Assert.Equal("TLS 1.3", tls.Version);
            Assert.Equal("CN=www.lab.cyber.co.kr", tls.PeerName);
            await tls.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
            await tls.ShutdownWriteAsync();
            var heard = new MemoryStream();
            await tls.CopyToAsync(heard);
            Assert.Equal("GET / HTTP/1.0\r\n\r\n", Encoding.ASCII.GetString(heard.ToArray()));
        });

    [Fact]
    public void Who_does_not_speak_TLS_is_said_to_be_so() =>
        _site.Internet.Run(async () =>
        {
            _site.Loop.Start("plain", () => AnswerPlainlyAsync(_site.Www));
            await _site.Loop.YieldAsync();
            using var tcp = await _site.Pc.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 443));
            await Assert.ThrowsAsync<TlsException>(() =>
                TlsStream.AuthenticateAsClientAsync(tcp, TrustingIt("www.lab.cyber.co.kr")).AsTask()
            );
        });

    private static async Task AnswerPlainlyAsync(INetwork network)
    {
        using var listener = network.Listen(new Port(443));
        using var tcp = await listener.AcceptAsync();
        await tcp.ReadExactlyAsync(new byte[10]);
        await tcp.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await Site.ReadToEndAsync(tcp);
    }

    [Fact]
    public void The_same_handshake_takes_the_same_time_in_a_world_every_time()
    {
        var took = Enumerable.Range(0, 2).Select(_ => HandshakeTime()).ToList();
        Assert.Equal(took[0], took[1]);
    }

    private static Duration HandshakeTime()
    {
        using var world = new World(seed: 4);
        var (pc, www) = (world.Host("pc"), world.Host("www"));
        world.Link(pc, www, "10 Mbit/s, 5 ms", "10.0.0.1/24", "10.0.0.2/24");
        world.Loop.Start("echo", () => EchoAsync(www.Network, default));
        world
            .RunAsync(async () =>
            {
                using var tcp = await pc.Network.ConnectAsync(new Endpoint(IpAddress.Parse("10.0.0.2"), 443));
                using var tls = await TlsStream.AuthenticateAsClientAsync(tcp, TrustingIt("192.0.2.226"));
                await tls.WriteAsync("hello"u8.ToArray());
                var answer = new byte[5];
                await tls.ReadExactlyAsync(answer);
            })
            .GetAwaiter()
            .GetResult();
        return world.Loop.Now - Instant.Zero;
    }
}

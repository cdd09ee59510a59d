using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Sockets.Tests;

/// <summary>What .NET builds on streams works on ours, in a world and on the machine's own network.</summary>
public sealed class DotNetOnTopTests : Contract
{
    private const string Name = "www.lab.cyber.co.kr";
    private static readonly X509Certificate2 s_certificate = MakeCertificate();

    [Theory]
    [MemberData(nameof(Networks))]
    public void SslStream_speaks_TLS_over_a_connection_from_both_its_ends(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                network.Loop.Start("server", () => EchoOverTlsAsync(server));
                await using var tls = new SslStream(client);
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = Name,
                        RemoteCertificateValidationCallback = (_, shown, _, _) =>
                            shown!.GetCertHashString() == s_certificate.GetCertHashString(),
                    }
                );
                var said = new byte[200_000];
                network.Random.Fill(said);
                network.Loop.Start("writer", () => tls.WriteAsync(said).AsTask());
                var heard = new byte[said.Length];
                await tls.ReadExactlyAsync(heard);
                Assert.True(said.AsSpan().SequenceEqual(heard));
                await tls.ShutdownAsync();
                Assert.Equal(0, await tls.ReadAsync(heard));
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Pipes_read_and_write_a_connection(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var writer = PipeWriter.Create(client);
                var reader = PipeReader.Create(server);
                const int Lines = 2000;
                network.Loop.Start(
                    "writer",
                    async () =>
                    {
                        for (var i = 0; i < Lines; i++)
                        {
                            Encoding.ASCII.GetBytes($"line {i}\n", writer);
                            if (i % 100 == 0)
                                await writer.FlushAsync();
                        }
                        await writer.FlushAsync();
                        await writer.CompleteAsync(); // closes the stream
                    }
                );
                var count = 0;
                while (true)
                {
                    var result = await reader.ReadAsync();
                    var rest = result.Buffer;
                    while (rest.PositionOf((byte)'\n') is { } end)
                    {
                        Assert.Equal($"line {count++}", Encoding.ASCII.GetString(rest.Slice(0, end)));
                        rest = rest.Slice(rest.GetPosition(1, end));
                    }
                    reader.AdvanceTo(rest.Start, rest.End);
                    if (result.IsCompleted)
                        break;
                }
                Assert.Equal(Lines, count);
                await reader.CompleteAsync();
            }
        );

    /// <summary>
    /// HttpClient begins its connections on the thread pool, so it gets them through the door for other threads, and this thread
    /// pumps the loop until the answer is there.
    /// </summary>
    [Theory]
    [InlineData(Ours)]
    [InlineData(OnSelect)]
    public void HttpClient_gets_a_page_through_its_ConnectCallback(string kind)
    {
        using var portable = kind == OnSelect ? new PortableDriver() : null;
        var loop = portable is null ? EventLoop.Virtual(1) : new EventLoop(portable, 1);
        INetwork network = portable is null
            ? new ProtocolStack("host", loop, loop.Random.Fork("host"))
            : new HostNetwork(loop);
        using var listener = network.Listen(Here);
        loop.Start("server", () => AnswerTwiceAsync(listener));
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = (_, stop) => OutsideStream.ConnectAsync(network, listener.LocalEndpoint, stop),
            }
        );
        var pages = Task.Run(async () =>
            await http.GetStringAsync($"http://{Name}/") + await http.GetStringAsync($"http://{Name}/again")
        );
        for (var turns = 0; !pages.IsCompleted && turns < 20_000; turns++)
        {
            // A millisecond for the loop, and one for the thread pool.
            loop.RunFor(Duration.FromMilliseconds(1));
            Thread.Sleep(1);
        }
        Assert.True(pages.IsCompletedSuccessfully, pages.Exception?.ToString() ?? "No answer came.");
        Assert.Equal("GET / GET /again ", pages.Result);
    }

    private static async Task AnswerTwiceAsync(Listener listener)
    {
        using var connection = await listener.AcceptAsync();
        using var reader = new StreamReader(connection, Encoding.ASCII);
        for (var i = 0; i < 2; i++)
        {
            var page = (await reader.ReadLineAsync())!.Replace("HTTP/1.1", "", StringComparison.Ordinal);
            while (await reader.ReadLineAsync() is { Length: > 0 }) { }
            var answer = $"HTTP/1.1 200 OK\r\nContent-Length: {page.Length}\r\n\r\n{page}";
            await connection.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
    }

    private static async Task EchoOverTlsAsync(TcpStream stream)
    {
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = s_certificate });
        var buffer = new byte[30_000];
        while (await tls.ReadAsync(buffer) is > 0 and var length)
            await tls.WriteAsync(buffer.AsMemory(0, length));
        await tls.ShutdownAsync();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = request.CreateSelfSigned(from, from.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

public sealed class CgiTests : IDisposable
{
    private const string Host = "Host: www.lab.cyber.co.kr:8080\r\n";
    private readonly string _place = Directory.CreateTempSubdirectory("twocan-cgi").FullName;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private void Program(string name, string text)
    {
        var path = Path.Combine(_place, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + text);
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>One request to a server on this machine's own network, and all that comes back.</summary>
    private string Ask(string request, CgiOptions? options = null)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("programs run on Linux");
            return "";
        }
        var loop = HostNetwork.OpenLoop();
        using var driver = (IDisposable)loop.Driver;
        var network = new HostNetwork(loop);
        var cgi = new CgiHandler(network, new ProgramFolder(network, _place), options ?? new());
        var site = new Routes(new StaticFiles(Site.Documents), [new Route("/cgi-bin", cgi)]);
        cgi.Site = site;
        var answer = "";
        loop.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var at = default(Endpoint);
            var server = new HttpServer(site, new() { Listen = new(IpAddress.Loopback, Port.Any) })
            {
                Ready = listen => at = listen,
            };
            loop.Start("server", () => server.RunAsync(network, stop.Token));
            await loop.YieldAsync();
            using (var stream = await network.ConnectAsync(at))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
                answer = await Site.ReadToEndAsync(stream);
            }
            server.End();
            while (server.Connections > 0)
                await loop.DelayAsync(Duration.FromMilliseconds(5));
            // A program that has just been let go is buried before the loop ends.
            await loop.DelayAsync(Duration.FromMilliseconds(20));
            stop.Cancel();
        });
        return answer;
    }

    private string Get(string target, string fields = "") =>
        Ask($"GET {target} HTTP/1.1\r\n{Host}{fields}Connection: close\r\n\r\n");

    [Fact]
    public void A_program_is_told_everything_in_variables_and_nothing_of_ours()
    {
        Program("dir/env", "printf 'Content-Type: text/plain\\r\\n\\r\\n'\nenv | sort\npwd\n");
        Environment.SetEnvironmentVariable("TWOCAN_SECRET", "of ours");
        var answer = Get(
            "/cgi-bin/dir/env/a%20b/c?x=1&y",
            "X-Test: one\r\nX-Test: two\r\nX_Test: forged\r\nProxy: evil\r\nAuthorization: Basic eA==\r\nCookie: a=b\r\n"
        );
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        var lines = answer.Split("\r\n\r\n", 2)[1];
        foreach (
            var variable in (ReadOnlySpan<string>)
                [
                    "GATEWAY_INTERFACE=CGI/1.1",
                    "SERVER_PROTOCOL=HTTP/1.1",
                    "SERVER_NAME=www.lab.cyber.co.kr",
                    "REQUEST_METHOD=GET",
                    "SCRIPT_NAME=/cgi-bin/dir/env",
                    "PATH_INFO=/a b/c",
                    "QUERY_STRING=x=1&y",
                    "REMOTE_ADDR=127.0.0.1",
                    "HTTP_X_TEST=one, two",
                    "HTTP_COOKIE=a=b",
                    "PATH=/usr/local/bin:/usr/bin:/bin",
                ]
        )
            Assert.Contains(variable + "\n", lines);
        foreach (
            var never in (ReadOnlySpan<string>)
                ["TWOCAN", "HTTP_PROXY", "AUTHORIZATION", "forged", "HOME=", "CONTENT_LENGTH"]
        )
            Assert.DoesNotContain(never, lines);
        Assert.Contains(Path.Combine(_place, "dir") + "\n", lines);
    }

    [Fact]
    public void A_body_goes_in_and_out_in_its_full_length()
    {
        Program("cat", "printf 'Content-Type: text/plain\\n\\n'\necho \"$CONTENT_LENGTH $CONTENT_TYPE\"\ncat\n");
        var body = new string('x', 300_000);
        var answer = Ask(
            $"POST /cgi-bin/cat HTTP/1.0\r\n{Host}Content-Type: text/x\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
        Assert.EndsWith($"\r\n\r\n300000 text/x\n{body}", answer);
        var chunked = Ask(
            $"POST /cgi-bin/cat HTTP/1.1\r\n{Host}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        );
        Assert.Contains("5 \n", chunked);
        Assert.Contains("hello", chunked);
    }

    [Fact]
    public void A_program_says_what_kind_of_answer_it_is()
    {
        Program("status", "printf 'Status: 418 Teapot\\nContent-Type: text/plain\\nX-Y: z\\n\\nshort'\n");
        var answer = Get("/cgi-bin/status");
        Assert.StartsWith("HTTP/1.1 418 Teapot\r\n", answer);
        Assert.Contains("\r\nX-Y: z\r\n", answer);
        Assert.DoesNotContain("\r\nStatus:", answer);
        Program("away", "printf 'Location: http://elsewhere/\\n\\n'\n");
        Assert.StartsWith("HTTP/1.1 302 Found\r\n", Get("/cgi-bin/away"));
        Program("here", "printf 'Location: /dir/file1.html\\n\\n'\n");
        Assert.EndsWith("<p>file1</p>", Get("/cgi-bin/here"));
        Program("round", "printf 'Location: /cgi-bin/round\\n\\n'\n");
        Assert.StartsWith("HTTP/1.1 502 ", Get("/cgi-bin/round"));
    }

    [Theory]
    [InlineData("echo no colon", 502)]
    [InlineData("exit 0", 502)]
    [InlineData("printf 'X: y\\n\\n'", 502)]
    [InlineData("printf 'Status: abc\\n\\n'", 502)]
    [InlineData("printf 'Content-Type: a\\nContent-Type: b\\n\\n'", 502)]
    [InlineData("printf 'Content-Type: text/plain\\nX: a\\rb\\n\\n'", 502)]
    public void What_is_no_answer_is_not_passed_on(string text, int status)
    {
        Program("bad", text + "\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", Get("/cgi-bin/bad"));
    }

    [Theory]
    [InlineData("/cgi-bin/nothing")]
    [InlineData("/cgi-bin/")]
    [InlineData("/cgi-bin/notes.txt")]
    [InlineData("/cgi-bin/nph-raw")]
    [InlineData("/cgi-bin/.hidden")]
    [InlineData("/cgi-bin/%2e%2e/x")]
    public void Nothing_but_its_programs_is_run_and_nothing_of_it_is_shown(string target)
    {
        File.WriteAllText(Path.Combine(_place, "notes.txt"), "secret");
        Program("nph-raw", "printf 'HTTP/1.0 200 OK\\n\\nsecret'\n");
        Program(".hidden", "printf 'Content-Type: a/b\\n\\nsecret'\n");
        var answer = Get(target);
        Assert.StartsWith("HTTP/1.1 404 ", answer);
        Assert.DoesNotContain("secret", answer);
    }

    [Fact]
    public void A_program_that_says_nothing_is_killed_with_all_that_it_has_started()
    {
        Program("slow", $"sleep 1000 &\necho $! >{_place}/child\necho $$ >{_place}/self\nsleep 1000\n");
        var answer = Get2("/cgi-bin/slow", new() { Timeout = Duration.FromMilliseconds(700) });
        Assert.StartsWith("HTTP/1.1 504 ", answer);
        foreach (var name in (ReadOnlySpan<string>)["child", "self"])
        {
            var process = File.ReadAllText(Path.Combine(_place, name)).Trim();
            var status = File.Exists($"/proc/{process}/status") ? File.ReadAllText($"/proc/{process}/status") : "gone";
            Assert.True(status == "gone" || status.Contains("State:\tZ"), $"{name} {status}");
        }
    }

    private string Get2(string target, CgiOptions options) =>
        Ask($"GET {target} HTTP/1.1\r\n{Host}Connection: close\r\n\r\n", options);

    [Fact]
    public void No_output_whatever_makes_its_head_fail_and_any_cut_reads_the_same()
    {
        var random = new RandomSource(3875);
        const string alphabet = "Status:Location: Content-Type\r\n\n 200/ax\0\u00e9";
        for (var round = 0; round < 3000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(
                "Content-Type: a\n"
                    + string.Concat(
                        Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)])
                    )
            );
            var whole = CgiHead.Read(bytes, isAll: true, out var used);
            Assert.InRange(used, 0, bytes.Length);
            for (var length = 0; length < bytes.Length; length++)
            {
                var part = CgiHead.Read(bytes.AsSpan(0, length), isAll: false, out var usedOfPart);
                if (part is null && usedOfPart == 0)
                    continue;
                Assert.Equal(whole is null, part is null);
                Assert.Equal(whole?.Fields.ToString(), part?.Fields.ToString());
                break;
            }
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Twocan.Cli.Tests;

public sealed class FetchTests
{
    private static string TempFile() => Path.Combine(Path.GetTempPath(), $"twocan-{Guid.NewGuid():n}");

    [Fact]
    public void A_page_goes_to_standard_output_as_it_is()
    {
        var call = Call.Twocan("fetch", "www.lab.cyber.co.kr/sample1.htm");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Equal(632, call.Out.Length);
    }

    [Fact]
    public void A_picture_goes_to_a_file_byte_for_byte_and_the_report_says_how()
    {
        var file = TempFile();
        var call = Call.Twocan("fetch", "--json", "-o", file, "http://www.lab.cyber.co.kr/gazou.jpg");
        Assert.Equal(0, call.ExitCode);
        Assert.Equal(6419, call.Json.GetProperty("bytes").GetInt64());
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        Assert.Equal(sha256, call.Json.GetProperty("sha256").GetString());
        Assert.Equal("192.0.2.226:80", call.Json.GetProperty("attempts")[0].GetProperty("to").GetString());
        File.Delete(file);
    }

    [Fact]
    public void Several_urls_share_a_connection_and_each_has_its_file()
    {
        var (one, two) = (TempFile(), TempFile());
        var call = Call.Twocan([
            "fetch",
            "-v",
            "-o",
            one,
            "-o",
            two,
            "www.lab.cyber.co.kr/",
            "www.lab.cyber.co.kr/sample1.htm",
        ]);
        Assert.Equal(0, call.ExitCode);
        Assert.Contains("> GET /sample1.htm HTTP/1.1", call.Error);
        Assert.Contains("* goes on with the connection to 192.0.2.226:80", call.Error);
        Assert.Equal(632, new FileInfo(two).Length);
        File.Delete(one);
        File.Delete(two);
    }

    [Fact]
    public void A_file_that_is_there_in_part_is_gone_on_with()
    {
        var file = TempFile();
        Assert.Equal(0, Call.Twocan("fetch", "-s", "-o", file, "www.lab.cyber.co.kr/gazou.jpg").ExitCode);
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..4000]);
        var call = Call.Twocan("fetch", "--json", "-C", "-", "-o", file, "www.lab.cyber.co.kr/gazou.jpg");
        Assert.Equal((0, 206), (call.ExitCode, call.Json.GetProperty("status").GetInt32()));
        Assert.Equal(4000, call.Json.GetProperty("resumed_from").GetInt64());
        Assert.Equal(whole, File.ReadAllBytes(file));
        // And once more, when there is nothing left to ask for.
        var again = Call.Twocan("fetch", "--json", "-C", "-", "-o", file, "www.lab.cyber.co.kr/gazou.jpg");
        Assert.Equal((0, 416), (again.ExitCode, again.Json.GetProperty("status").GetInt32()));
        Assert.Equal(whole, File.ReadAllBytes(file));
        File.Delete(file);
    }

    [Theory]
    [InlineData(0, "404", "fetch", "-w", "%{http_code}", "-o", "/dev/null", "http://www.lab.cyber.co.kr/nothing")]
    [InlineData(1, "", "fetch", "-f", "http://www.lab.cyber.co.kr/nothing")]
    [InlineData(1, "", "fetch", "http://nobody.cyber.co.kr/")]
    [InlineData(1, "", "fetch", "http://www.lab.cyber.co.kr:81/")]
    [InlineData(1, "", "fetch", "--max-time", "0.3", "http://www.lab.cyber.co.kr/")]
    [InlineData(2, "", "fetch", "ftp://ftp.cyber.co.kr/")]
    [InlineData(2, "", "fetch", "http://")]
    [InlineData(2, "", "fetch", "-C", "-", "http://www.lab.cyber.co.kr/")]
    [InlineData(2, "", "fetch", "-H", "no colon", "http://www.lab.cyber.co.kr/")]
    [InlineData(2, "", "fetch", "-d", "@/no/such/file", "http://www.lab.cyber.co.kr/")]
    [InlineData(2, "", "fetch", "--limit-rate", "fast", "http://www.lab.cyber.co.kr/")]
    [InlineData(2, "", "fetch", "-O", "http://www.lab.cyber.co.kr/")]
    public void It_ends_as_every_verb_does(int exitCode, string output, params string[] arguments)
    {
        var call = Call.Twocan(arguments);
        Assert.Equal((exitCode, output), (call.ExitCode, call.Out));
        Assert.Equal(exitCode == 0, call.Error.Length == 0);
    }

    [Fact]
    public void A_trace_tells_of_every_layer_on_stderr()
    {
        var call = Call.Twocan("fetch", "--trace", "-o", "/dev/null", "www.lab.cyber.co.kr/");
        Assert.Equal(0, call.ExitCode);
        foreach (var layer in new[] { "DNS", "ARP", "TCP", "HTTP", "SOCKET" })
            Assert.Contains($"  {layer} ", call.Error);
    }

    /// <summary>Somebody else's server on this machine, with a file of 3 MB.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Process _process;

        public Peer(string program)
        {
            Assert.SkipUnless(
                Call.IsInstalled(program) || File.Exists($"/usr/sbin/{program}"),
                $"{program} is not installed"
            );
            Directory = System.IO.Directory.CreateTempSubdirectory("twocan-fetch-").FullName;
            Content = new byte[3_000_000];
            new Random(3).NextBytes(Content);
            File.WriteAllBytes(Path.Combine(Directory, "file.bin"), Content);
            File.WriteAllText(
                Path.Combine(Directory, "page.html"),
                string.Concat(Enumerable.Repeat("<p>twocan</p>\n", 2000))
            );
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            _process = Process.Start(program == "nginx" ? OfNginx() : OfPython())!;
            for (var i = 0; i < 200 && !Answers(); i++)
                Thread.Sleep(50);
        }

        public string Directory { get; }

        public byte[] Content { get; }

        public int Port { get; }

        public string Url(string path) => $"http://127.0.0.1:{Port}/{path}";

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
            System.IO.Directory.Delete(Directory, recursive: true);
        }

        private bool Answers()
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        private ProcessStartInfo OfPython() =>
            new("python3", ["-m", "http.server", "--bind", "127.0.0.1", "--directory", Directory, $"{Port}"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };

        private ProcessStartInfo OfNginx()
        {
            var settings = Path.Combine(Directory, "nginx.conf");
            File.WriteAllText(
                settings,
                $$"""
                user root; daemon off; worker_processes 1; pid {{Directory}}/pid; error_log {{Directory}}/error.log;
                events { worker_connections 64; }
                http {
                  access_log off; gzip on; gzip_types text/html; default_type text/html;
                  client_body_temp_path {{Directory}}/b; proxy_temp_path {{Directory}}/p; fastcgi_temp_path {{Directory}}/f;
                  uwsgi_temp_path {{Directory}}/u; scgi_temp_path {{Directory}}/s;
                  server {
                    listen 127.0.0.1:{{Port}}; root {{Directory}};
                    location /go { return 302 /page.html; }
                    location /cookie { add_header Set-Cookie "a=1; Path=/"; return 302 /seen; }
                    location /seen { return 200 "$http_cookie"; }
                  }
                }
                """
            );
            return new("/usr/sbin/nginx", ["-e", Path.Combine(Directory, "error.log"), "-c", settings])
            {
                RedirectStandardError = true,
            };
        }
    }

    [Fact]
    public void From_nginx_come_files_ranges_packed_pages_redirects_and_cookies()
    {
        using var nginx = new Peer("nginx");
        var file = TempFile();
        var whole = Call.Twocan("fetch", "--on-host", "--json", "-o", file, nginx.Url("file.bin"));
        Assert.Equal(nginx.Content, File.ReadAllBytes(file));
        Assert.Equal("127.0.0.1:" + nginx.Port, whole.Json.GetProperty("remote").GetString());
        File.WriteAllBytes(file, nginx.Content[..1_234_567]);
        var rest = Call.Twocan("fetch", "--on-host", "--json", "-C", "-", "-o", file, nginx.Url("file.bin"));
        Assert.Equal(206, rest.Json.GetProperty("status").GetInt32());
        Assert.Equal(nginx.Content, File.ReadAllBytes(file));
        var page = Call.Twocan("fetch", "--on-host", "--json", "-L", "--compressed", nginx.Url("go"));
        Assert.Equal("gzip", page.Json.GetProperty("unpacked").GetString());
        Assert.Equal(28_000, page.Json.GetProperty("text").GetString()!.Length);
        Assert.Equal(nginx.Url("page.html"), page.Json.GetProperty("final_url").GetString());
        Assert.Equal("a=1", Call.Twocan("fetch", "--on-host", "-L", "-b", "", nginx.Url("cookie")).Out);
        Assert.Equal("x=2", Call.Twocan("fetch", "--on-host", "-b", "x=2", nginx.Url("seen")).Out);
        var bytes = Call.Twocan("fetch", "--on-host", "-r", "3-9", nginx.Url("page.html"));
        Assert.Equal("twocan<", bytes.Out);
        File.Delete(file);
    }

    [Fact]
    public void From_Pythons_http_server_comes_a_file_until_the_connection_closes()
    {
        using var python = new Peer("python3");
        var file = TempFile();
        Assert.Equal(0, Call.Twocan("fetch", "--on-host", "-s", "-o", file, python.Url("file.bin")).ExitCode);
        Assert.Equal(python.Content, File.ReadAllBytes(file));
        // It knows no ranges: the whole comes, and what is there is thrown away.
        File.WriteAllBytes(file, new byte[1000]);
        var again = Call.Twocan("fetch", "--on-host", "--json", "-C", "-", "-o", file, python.Url("file.bin"));
        Assert.Equal(200, again.Json.GetProperty("status").GetInt32());
        Assert.Equal(python.Content, File.ReadAllBytes(file));
        File.Delete(file);
    }
}

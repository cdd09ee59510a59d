using System.Diagnostics;
using System.Text.Json;

namespace Twocan.Cli.Tests;

public class BrowseTests
{
    private const string Page = "http://www.lab.cyber.co.kr/sample1.htm";

    [Fact]
    public void The_waterfall_shows_the_page_and_its_picture_and_what_the_second_visit_is_spared()
    {
        var lines = Call.Twocan("browse", Page, "--visits", "2").Out.Split('\n');
        Assert.Equal($"{Page}  Sample page of 632 bytes", lines[0]);
        Assert.StartsWith("200  sample1.htm    632  680.4 ms  ░", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("200  gazou.jpg    6,419  100.8 ms  ", lines[3], StringComparison.Ordinal);
        Assert.Equal("2 requests to 1 server over 1 new connection, 7,051 bytes of bodies; 781.2 ms", lines[5]);
        Assert.Equal("nobody was asked; 2 from the cache; 0.0 ms", lines[12]);
    }

    [Fact]
    public void Json_says_how_each_thing_was_waited_for_and_the_parts_add_up()
    {
        var first = Call.Twocan("browse", Page, "--json");
        Assert.Equal(first.Out, Call.Twocan("browse", Page, "--json").Out);
        var resources = first.Json.GetProperty("resources");
        Assert.Equal(2, resources.GetArrayLength());
        Assert.Equal(Page, resources[1].GetProperty("referer").GetString());
        Assert.True(resources[1].GetProperty("connection_reused").GetBoolean());
        foreach (var one in resources.EnumerateArray())
        {
            var sum = new[] { "queue_us", "name_us", "connect_us", "tls_us", "send_us", "first_byte_us", "body_us" }
                .Select(name => one.GetProperty(name))
                .Where(static time => time.ValueKind == JsonValueKind.Number)
                .Sum(static time => time.GetDouble());
            Assert.Equal(one.GetProperty("took_us").GetDouble(), sum, 1e-3);
        }
    }

    [Theory]
    [InlineData(1, "no answer came", "http://nobody.cyber.co.kr/")]
    [InlineData(2, "browse takes http and https URLs, not ftp", "ftp://ftp.cyber.co.kr/")]
    [InlineData(2, "is no URL", "http://a b/")]
    [InlineData(2, "--har: ", Page, "--har", "/no/such/folder/x.har")]
    public void What_goes_wrong_is_said(int code, string message, params string[] arguments)
    {
        var call = Call.Twocan(["browse", .. arguments]);
        Assert.Equal(code, call.ExitCode);
        Assert.Contains(message, call.Out + call.Error);
    }

    /// <summary>A page of nginx's, with all that a page may want.</summary>
    [Fact]
    public void A_page_of_nginx_comes_whole_with_all_that_it_wants()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nginx"), "nginx is not installed");
        var site = Directory.CreateTempSubdirectory("twocan-browse-");
        try
        {
            var socket = MakeSite(site.FullName);
            using var nginx = Process.Start(
                new ProcessStartInfo("/usr/sbin/nginx", ["-c", Path.Combine(site.FullName, "nginx.conf")])
            )!;
            try
            {
                Call call;
                var patience = 50;
                do call = Call.Twocan("browse", "--on-host", $"http://127.0.0.1:{socket}/", "--json");
                while (call.ExitCode != 0 && --patience > 0);
                Assert.Equal(0, call.ExitCode);
                var urls = call
                    .Json.GetProperty("resources")
                    .EnumerateArray()
                    .Select(static one => one.GetProperty("url").GetString()!.Split('/')[^1]);
                Assert.Equal(
                    ["", "a.css", "b.css", "b.png", "frame.html", "large.png", "script.js", "x.webp"],
                    urls.Order()
                );
                var style = call
                    .Json.GetProperty("resources")
                    .EnumerateArray()
                    .First(static one => one.GetProperty("url").GetString()!.EndsWith("a.css"));
                Assert.True(
                    style.GetProperty("bytes").GetInt32() > style.GetProperty("bytes_received").GetInt32(),
                    "it came packed"
                );
                // The loop's time stands still while a callback runs, and here nothing had to wait: who tells times looks first.
                Assert.True(
                    style.GetProperty("first_byte_us").GetDouble() > 0,
                    "time passed on this machine's own network"
                );
            }
            finally
            {
                nginx.Kill();
                nginx.WaitForExit();
            }
        }
        finally
        {
            site.Delete(recursive: true);
        }
    }

    private static int MakeSite(string folder)
    {
        using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
        Write(
            "index.html",
            """
            <link rel=stylesheet href=a.css><script src=script.js></script><iframe src=frame.html></iframe>
            <picture><source srcset=x.webp type=image/webp><img src=x.png></picture><img srcset="small.png 400w, large.png 2000w">
            """
        );
        Write("a.css", "@import 'b.css';" + new string(' ', 5000));
        Write("b.css", "p { background: url(b.png) }");
        Write("frame.html", "<img src=b.png>");
        foreach (var name in new[] { "script.js", "x.webp", "large.png", "b.png" })
            Write(name, "x");
        Write(
            "nginx.conf",
            $$"""
            daemon off; master_process off; error_log stderr crit; pid {{folder}}/pid; events {}
            http {
              access_log off; gzip on; gzip_min_length 1; gzip_types text/css;
              types { text/html html; text/css css; text/javascript js; image/png png; image/webp webp; }
              client_body_temp_path {{folder}}/1; proxy_temp_path {{folder}}/2; fastcgi_temp_path {{folder}}/3;
              uwsgi_temp_path {{folder}}/4; scgi_temp_path {{folder}}/5;
              server { listen 127.0.0.1:{{port}}; root {{folder}}; }
            }
            """
        );
        return port;
    }
}

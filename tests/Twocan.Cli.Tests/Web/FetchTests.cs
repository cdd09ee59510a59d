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

    [Fact]
    public void From_nginx_come_files_ranges_packed_pages_redirects_and_cookies()
    {
        using var nginx = Peer.Nginx();
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
        using var python = Peer.Python();
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

    [Fact]
    public void From_Apache_come_files_ranges_packed_pages_and_what_is_behind_a_password()
    {
        using var apache = Peer.Apache();
        var file = TempFile();
        Assert.Equal(0, Call.Twocan("fetch", "--on-host", "-s", "-o", file, apache.Url("file.bin")).ExitCode);
        Assert.Equal(apache.Content, File.ReadAllBytes(file));
        File.WriteAllBytes(file, apache.Content[..1_234_567]);
        var rest = Call.Twocan("fetch", "--on-host", "--json", "-C", "-", "-o", file, apache.Url("file.bin"));
        Assert.Equal(206, rest.Json.GetProperty("status").GetInt32());
        Assert.Equal(apache.Content, File.ReadAllBytes(file));
        // mod_deflate does not know the length beforehand: it comes in chunks.
        var page = Call.Twocan("fetch", "--on-host", "--json", "--compressed", apache.Url("page.html"));
        Assert.Equal("gzip", page.Json.GetProperty("unpacked").GetString());
        Assert.Equal(28_000, page.Json.GetProperty("text").GetString()!.Length);
        foreach (var scheme in (string[])["basic", "digest"])
        {
            var place = apache.Url(scheme + "/page.html");
            Assert.Equal(1, Call.Twocan("fetch", "--on-host", "-s", "-f", place).ExitCode);
            var told = place.Replace("http://", "http://jane:secret@");
            Assert.Equal(28_000, Call.Twocan("fetch", "--on-host", "-s", "-f", told).Out.Length);
        }
        File.Delete(file);
    }

    [Fact]
    public void Through_Squid_come_a_page_and_by_a_tunnel_a_page_over_TLS()
    {
        using var squid = Peer.Squid();
        var site = Path.Combine(squid.Directory, "site");
        Directory.CreateDirectory(site);
        File.WriteAllText(Path.Combine(site, "index.html"), "<p>behind</p>");
        using var plain = new Served(site);
        using var tls = new Served(site, "--tls");
        string[] through = ["fetch", "--on-host", "-s", "-x", $"127.0.0.1:{squid.Port}", "--noproxy", ""];
        var page = Call.Twocan([.. through, "-i", plain.Url]);
        Assert.Contains("(squid", page.Out);
        Assert.EndsWith("<p>behind</p>", page.Out);
        var secret = Call.Twocan([.. through, "-i", "-k", tls.Url]);
        Assert.DoesNotContain("(squid", secret.Out);
        Assert.EndsWith("<p>behind</p>", secret.Out);
        Assert.Contains("CONNECT 127.0.0.1:" + tls.Port, squid.Log);
    }
}

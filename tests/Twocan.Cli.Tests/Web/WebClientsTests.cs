using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Twocan.Cli.Tests;

/// <summary>Other people's web clients against 'twocan serve': that they get what is there, and as much and as many as they like.</summary>
public sealed class WebClientsTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("twocan-web").FullName;
    private readonly string _site;

    public WebClientsTests()
    {
        _site = Path.Combine(_place, "site");
        Directory.CreateDirectory(Path.Combine(_site, "up"));
        File.WriteAllText(
            Path.Combine(_site, "index.html"),
            """
            <!doctype html><title>no picture</title>
            <img src="picture.svg" onload="document.title = this.naturalWidth + ' by ' + this.naturalHeight">
            """
        );
        File.WriteAllText(
            Path.Combine(_site, "picture.svg"),
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="teal"/></svg>
            """
        );
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Fact]
    public void Wget_gets_a_page_with_its_picture_and_goes_on_with_a_file_that_it_has_in_part()
    {
        var large = new byte[2_000_000];
        new Random(5).NextBytes(large);
        File.WriteAllBytes(Path.Combine(_site, "large.bin"), large);
        using var served = new Served(_site);
        string[] quiet = ["-q", "--no-proxy", "--tries=1", "--timeout=60", "-nH", "-P", _place];
        Client.Run("wget", [.. quiet, "-p", served.Url]);
        foreach (var name in (string[])["index.html", "picture.svg"])
            Assert.Equal(File.ReadAllText(Path.Combine(_site, name)), File.ReadAllText(Path.Combine(_place, name)));
        var part = Path.Combine(_place, "large.bin");
        File.WriteAllBytes(part, large[..700_000]);
        Client.Run("wget", [.. quiet, "-c", served.Url + "large.bin"]);
        Assert.Equal(large, File.ReadAllBytes(part));
    }

    [Fact]
    public void Ab_and_wrk_have_every_request_answered()
    {
        using var served = new Served(_site);
        foreach (
            var how in (string[][])
                [
                    ["-k"],
                    [],
                ]
        )
        {
            var said = Client.Run("ab", ["-q", "-n", "2000", "-c", "20", .. how, served.Url + "picture.svg"]);
            Assert.Matches(@"Complete requests: +2000\n", said);
            Assert.Matches(@"Failed requests: +0\n", said);
            Assert.DoesNotContain("Non-2xx", said);
        }
        var report = Client.Run("wrk", "-t1", "-c64", "-d1s", served.Url + "picture.svg");
        Assert.Matches(@"[1-9][0-9]* requests in", report);
        Assert.DoesNotContain("Socket errors", report);
        Assert.DoesNotContain("Non-2xx", report);
    }

    [Fact]
    public void Chromium_shows_a_page_with_its_picture()
    {
        var log = Path.Combine(_place, "log");
        using var served = new Served(_site, "--log", log);
        var picture = Path.Combine(_place, "shot.png");
        string[] headless =
        [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-proxy-server",
            "--user-data-dir=" + Path.Combine(_place, "profile"),
            "--window-size=400,300",
        ];
        var page = Client.Run("chromium", [.. headless, "--screenshot=" + picture, "--dump-dom", served.Url]);
        Assert.Contains("<title>300 by 200</title>", page);
        Assert.InRange(new FileInfo(picture).Length, 500, long.MaxValue);
        Assert.Matches("\"GET /picture.svg HTTP/1.1\" 200 [0-9]+ .*Chrom", File.ReadAllText(log));
    }

    [Fact]
    public void A_gigabyte_goes_up_and_comes_down_as_it_was()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("TWOCAN_FUZZ") is null,
            "3 GB on the disk and half a minute: ./test --fuzz SECONDS"
        );
        const int blocks = 1024;
        using var served = new Served(_site, "--writable", "/up");
        var file = Path.Combine(_place, "gigabyte");
        using (var writing = File.Create(file))
        {
            // Holes, but for a mark in every block: the disk need not hold all of it.
            for (var i = 0L; i < blocks; i++)
            {
                writing.Position = (i << 20) + (i * 7919 & 0xFFFFF);
                writing.Write(BitConverter.GetBytes(i));
            }
            writing.SetLength((long)blocks << 20);
        }
        string[] curl = ["-sS", "--noproxy", "*", "--max-time", "300"];
        Client.Run("curl", [.. curl, "-f", "-T", file, served.Url + "up/gigabyte"]);
        var back = Path.Combine(_place, "back");
        Client.Run("curl", [.. curl, "-f", "-o", back, served.Url + "up/gigabyte"]);
        var hash = HashOf(file);
        Assert.Equal(hash, HashOf(Path.Combine(_site, "up", "gigabyte")));
        Assert.Equal(hash, HashOf(back));
    }

    [Fact]
    public void Ten_thousand_connections_that_say_nothing_take_little_each()
    {
        const int connections = 10_000;
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("memory is read from Linux's /proc");
            return;
        }
        var limits = File.ReadAllLines("/proc/self/limits").First(line => line.StartsWith("Max open files"));
        var most = limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        Assert.SkipWhen(
            most != "unlimited" && long.Parse(most) < connections + 500,
            $"a process may open {most} files here, too few for {connections} connections (ulimit -Hn)"
        );
        // Kept so long that none is given up while the last is made.
        using var served = new Served(_site);
        var at = new IPEndPoint(IPAddress.Loopback, int.Parse(served.Port));
        var request = Encoding.ASCII.GetBytes($"GET /picture.svg HTTP/1.1\r\nHost: {at}\r\n\r\n");
        var answer = new byte[4096];
        var sockets = new List<Socket>(connections);
        try
        {
            void Open(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    sockets.Add(socket);
                    socket.Connect(at);
                    socket.Send(request);
                    Assert.InRange(socket.Receive(answer), 1, answer.Length);
                }
            }
            // What the first requests bring into memory, code above all, is no connection's.
            Open(500);
            var before = ResidentOf(served.Process.Id);
            Open(connections - 500);
            var each = (ResidentOf(served.Process.Id) - before) / (connections - 500);
            TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes a connection");
            Assert.InRange(each, 0, 32 * 1024);
        }
        finally
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }
        // And it is there for the next.
        Assert.Contains("teal", Client.Run("curl", "-sS", "--noproxy", "*", served.Url + "picture.svg"));
    }

    private static long ResidentOf(int process)
    {
        var line = File.ReadAllLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:"));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    private static string HashOf(string path)
    {
        using var reading = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(reading));
    }
}

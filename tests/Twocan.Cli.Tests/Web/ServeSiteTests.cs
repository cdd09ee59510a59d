using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Twocan.Cli.Tests;

/// <summary>'twocan serve DIR' as other people's programs meet it.</summary>
public sealed class ServeSiteTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("twocan-site").FullName;

    public ServeSiteTests()
    {
        Directory.CreateDirectory(Path.Combine(_place, "site", "up"));
        File.WriteAllText(Path.Combine(_place, "site", "index.html"), "<p>안녕하세요</p>\n");
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private static string Curl(params string[] arguments) =>
        Client.Run("curl", ["-sS", "--noproxy", "*", "--max-time", "100", .. arguments]);

    [Fact]
    public void Curl_gets_a_page_a_part_of_it_and_nothing_when_it_has_it_already()
    {
        using var served = new Served(Path.Combine(_place, "site"));
        Assert.Equal("<p>안녕하세요</p>\n", Curl(served.Url));
        Assert.Equal("<p>", Curl("-r", "0-2", served.Url));
        var head = Curl("-I", served.Url);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head);
        Assert.Contains("Content-Type: text/html; charset=utf-8\r\n", head);
        Assert.Contains("Content-Length: 23\r\n", head);
        var tag = head.Split("ETag: ")[1].Split('\r')[0];
        Assert.Equal("304", Curl("-o", "/dev/null", "-w", "%{http_code}", "-H", $"If-None-Match: {tag}", served.Url));
        Assert.Equal("404", Curl("-o", "/dev/null", "-w", "%{http_code}", served.Url + "nothing"));
        Assert.Equal("405", Curl("-o", "/dev/null", "-w", "%{http_code}", "-T", "/dev/null", served.Url + "new"));
    }

    [Fact]
    public void Sixty_four_megabytes_go_up_and_come_down_as_they_were()
    {
        using var served = new Served(Path.Combine(_place, "site"), "--writable", "/up");
        var file = Path.Combine(_place, "large");
        var block = new byte[1 << 20];
        using (var writing = File.Create(file))
        {
            for (var i = 0; i < 64; i++)
            {
                block.AsSpan().Fill((byte)i);
                BitConverter.TryWriteBytes(block, i * 7919);
                writing.Write(block);
            }
        }
        string HashOf(string path)
        {
            using var reading = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(reading));
        }
        Assert.Equal("201", Curl("-o", "/dev/null", "-w", "%{http_code}", "-T", file, served.Url + "up/large"));
        Assert.Equal(HashOf(file), HashOf(Path.Combine(_place, "site", "up", "large")));
        var back = Path.Combine(_place, "back");
        Curl("-o", back, served.Url + "up/large");
        Assert.Equal(HashOf(file), HashOf(back));
        Assert.Equal("204", Curl("-o", "/dev/null", "-w", "%{http_code}", "-X", "DELETE", served.Url + "up/large"));
        Assert.False(File.Exists(Path.Combine(_place, "site", "up", "large")));
    }

    [Fact]
    public void Kill_9_in_the_middle_of_a_PUT_leaves_the_old_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "drafts are made so on Linux");
        var file = Path.Combine(_place, "site", "up", "a");
        File.WriteAllText(file, "old");
        using (var served = new Served(Path.Combine(_place, "site"), "--writable", "/up"))
        {
            using var curl = Process.Start(
                new ProcessStartInfo("curl", ["-s", "--noproxy", "*", "-T", "-", served.Url + "up/a"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            curl.StandardInput.Write(new string('n', 300_000));
            curl.StandardInput.Flush();
            // The draft is there as soon as the first of it has come.
            var until = Stopwatch.StartNew();
            while (Directory.GetFiles(Path.Combine(_place, "site", "up")).Length < 2 && until.Elapsed.TotalSeconds < 30)
                Thread.Sleep(20);
            Assert.Equal(2, Directory.GetFiles(Path.Combine(_place, "site", "up")).Length);
            served.Process.Kill();
            served.Process.WaitForExit();
            curl.Kill();
        }
        Assert.Equal("old", File.ReadAllText(file));
    }

    [Fact]
    public void Programs_of_a_folder_answer_and_an_echo_sends_back()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("programs run on Linux");
            return;
        }
        var program = Path.Combine(_place, "programs", "hello.sh");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.WriteAllText(
            program,
            "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nprintf '%s %s %s ' \"$REQUEST_METHOD\" \"$PATH_INFO\" \"$QUERY_STRING\"\ncat\n"
        );
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var served = new Served(
            Path.Combine(_place, "site"),
            "--cgi",
            "/cgi-bin=" + Path.Combine(_place, "programs"),
            "--echo",
            "/echo"
        );
        Assert.Equal("GET /x a=b ", Curl(served.Url + "cgi-bin/hello.sh/x?a=b"));
        Assert.Equal("POST   hello", Curl("-d", "hello", served.Url + "cgi-bin/hello.sh"));
        Assert.Equal("back", Curl("-d", "back", served.Url + "echo"));
    }

    [Fact]
    public void Over_TLS_curl_gets_the_same()
    {
        using var served = new Served(Path.Combine(_place, "site"), "--tls");
        Assert.StartsWith("https://", served.Url);
        Assert.Equal("<p>안녕하세요</p>\n", Curl("-k", served.Url));
    }

    [Fact]
    public void What_was_asked_stands_in_the_log_and_the_signal_to_end_ends_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are Linux's");
        var log = Path.Combine(_place, "log");
        using var served = new Served(Path.Combine(_place, "site"), "--log", log, "--log-format", "json");
        Curl("-A", "tester \"x\"", served.Url + "?a=b");
        using (var kill = Process.Start("kill", ["-TERM", served.Process.Id.ToString()]))
            kill.WaitForExit();
        served.Process.WaitForExit();
        Assert.Equal(0, served.Process.ExitCode);
        Assert.Equal("answered 1 requests", served.Process.StandardOutput.ReadToEnd().TrimEnd());
        var line = JsonDocument.Parse(File.ReadAllText(log)).RootElement;
        Assert.Equal(
            ("/?a=b", 200, "tester \"x\""),
            (
                line.GetProperty("target").GetString(),
                line.GetProperty("status").GetInt32(),
                line.GetProperty("user_agent").GetString()
            )
        );
    }

    [Fact]
    public void Several_loops_are_one_server_they_share_the_certificate_and_count_together()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "several loops share a port on Linux");
        const int Clients = 24;
        var log = Path.Combine(_place, "log");
        using var served = new Served(Path.Combine(_place, "site"), "--loops", "3", "--tls", "--log", log);
        Assert.Equal(2, Threads(served).Count(name => name.StartsWith("loop ", StringComparison.Ordinal)));
        var certificates = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Clients; i++)
        {
            // Each is a connection of its own, and the port that it comes from decides which loop gets it.
            var told = Curl("-k", "-w", "%{certs}", served.Url);
            Assert.StartsWith("<p>안녕하세요</p>\n", told);
            certificates.Add(told);
        }
        Assert.Single(certificates);
        var second = Call.Twocan("serve", Path.Combine(_place, "site"), "--listen", Place(served), "--loops", "3");
        Assert.Equal((1, ""), (second.ExitCode, second.Out));
        Assert.Contains("somebody else listens", second.Error);
        served.Signal("TERM");
        served.Process.WaitForExit();
        Assert.Equal(0, served.Process.ExitCode);
        Assert.Equal($"answered {Clients} requests", served.Process.StandardOutput.ReadToEnd().TrimEnd());
        Assert.Equal(Clients, File.ReadAllLines(log).Length);
    }

    [Fact]
    public void New_settings_are_those_of_all_loops_and_wrong_ones_of_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are Linux's");
        var config = Path.Combine(_place, "site.yaml");
        File.WriteAllText(config, "root: site\nlisten: 127.0.0.1:0\nloops: 3\n");
        using var served = Served.By(config);
        Assert.Equal(["404"], Statuses());
        File.WriteAllText(config, "root: site\nlisten: 127.0.0.1:0\nloops: 3\nlist: yes\n");
        served.Signal("HUP");
        Assert.Equal("the settings have been read again", served.Process.StandardError.ReadLine());
        Assert.Equal(["200"], Statuses());
        File.WriteAllText(config, "root: nowhere\n");
        served.Signal("HUP");
        Assert.StartsWith("the settings stay as they were: ", served.Process.StandardError.ReadLine());
        Assert.Equal(["200"], Statuses());

        string[] Statuses() =>
            [
                .. Enumerable
                    .Range(0, 16)
                    .Select(_ => Curl("-o", "/dev/null", "-w", "%{http_code}", served.Url + "up/"))
                    .Distinct(),
            ];
    }

    [Theory]
    [InlineData("0")]
    [InlineData("5000")]
    public void Loops_are_a_sensible_number(string loops)
    {
        var call = Call.Twocan("serve", Path.Combine(_place, "site"), "--loops", loops);
        Assert.Equal(
            (2, "", $"twocan: --loops is a number from 1 to 1024, not {loops}\n"),
            (call.ExitCode, call.Out, call.Error)
        );
    }

    private static string Place(Served served) => served.Url.Split("://")[1].TrimEnd('/');

    /// <summary>Their names, as far as they have one by now.</summary>
    private static string[] Threads(Served served) =>
        [
            .. Directory
                .GetFiles(
                    $"/proc/{served.Process.Id}/task",
                    "comm",
                    new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }
                )
                .Select(file => File.ReadAllText(file).Trim()),
        ];

    [Fact]
    public void A_file_may_describe_the_site_and_its_mistakes_are_told_with_their_places()
    {
        var config = Path.Combine(_place, "site.yaml");
        File.WriteAllText(config, "root: site\nlisten: 127.0.0.1:0\necho: /echo\n");
        var call = Call.Twocan("serve", "--config", config, "--for", "0.2");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        File.WriteAllText(config, "root: site\nlist: maybe\nwriteable: /up\n");
        call = Call.Twocan("serve", "--config", config);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("site.yaml:2:7: 'list' is yes or no, not 'maybe'", call.Error);
        Assert.Contains("did you mean 'writable'?", call.Error);
    }

    [Fact]
    public void What_cannot_be_served_is_told_in_a_line()
    {
        using var served = new Served(Path.Combine(_place, "site"));
        var taken = served.Url["http://".Length..].TrimEnd('/');
        var call = Call.Twocan("serve", Path.Combine(_place, "site"), "--listen", taken);
        Assert.Equal(
            (1, "", $"twocan: somebody else listens on {taken} already: choose another port with --listen\n"),
            (call.ExitCode, call.Out, call.Error)
        );
        call = Call.Twocan("serve", Path.Combine(_place, "nothing"));
        Assert.Equal(2, call.ExitCode);
        Assert.StartsWith("twocan: there is no directory '", call.Error);
    }
}

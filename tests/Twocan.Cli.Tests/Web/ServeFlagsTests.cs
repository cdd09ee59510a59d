using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Twocan.Cli.Tests;

/// <summary>Flags of 'twocan serve' that change what it is: names, certificates, another server behind it, and settings read anew.</summary>
public sealed class ServeFlagsTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("twocan-flags").FullName;

    public ServeFlagsTests()
    {
        foreach (var site in (string[])["one", "other"])
        {
            Directory.CreateDirectory(Path.Combine(_place, site, "up"));
            File.WriteAllText(Path.Combine(_place, site, "index.html"), $"<p>{site}</p>");
        }
    }

    private string One => Path.Combine(_place, "one");

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private static string Curl(params string[] arguments) =>
        Client.Run("curl", ["-sS", "--noproxy", "*", "--max-time", "100", .. arguments]);

    [Fact]
    public void Another_site_answers_by_its_name()
    {
        using var served = new Served(One, "--site", "www.other.example=" + Path.Combine(_place, "other"));
        Assert.Equal("<p>one</p>", Curl(served.Url));
        Assert.Equal("<p>other</p>", Curl("-H", "Host: www.other.example", served.Url));
        Assert.Equal("<p>other</p>", Curl("-H", "Host: WWW.Other.Example:" + served.Port, served.Url));
        Assert.Equal("<p>one</p>", Curl("-H", "Host: other.example", served.Url));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_of_ones_own_is_shown_to_who_asks(bool keyBeside)
    {
        var (cert, key) = WriteCertificate("www.flags.example");
        if (!keyBeside)
            File.AppendAllText(cert, "\n" + File.ReadAllText(key));
        using var served = new Served(One, ["--cert", cert, .. keyBeside ? (string[])["--key", key] : []]);
        var (name, port) = ("www.flags.example", served.Port);
        string[] trusting = ["--cacert", cert, "--resolve", $"{name}:{port}:127.0.0.1"];
        Assert.Equal("<p>one</p>", Curl([.. trusting, $"https://{name}:{port}/"]));
    }

    private (string Certificate, string Key) WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (cert, keyFile) = (Path.Combine(_place, "cert.pem"), Path.Combine(_place, "key.pem"));
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (cert, keyFile);
    }

    [Fact]
    public void SIGHUP_shows_a_certificate_that_was_renewed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are Linux's");
        var (cert, _) = WriteCertificate("www.flags.example");
        var config = Path.Combine(_place, "site.yaml");
        File.WriteAllText(config, "root: one\nlisten: 127.0.0.1:0\ncert: cert.pem\nkey: key.pem\n");
        using var served = Served.By(config);
        for (var round = 0; round < 2; round++)
        {
            var (name, port) = ("www.flags.example", served.Port);
            string[] trusting = ["--cacert", cert, "--resolve", $"{name}:{port}:127.0.0.1"];
            Assert.Equal("<p>one</p>", Curl([.. trusting, $"https://{name}:{port}/"]));
            WriteCertificate(name);
            served.Signal("HUP");
            Assert.Equal("the settings have been read again", NextNote(served));
        }
        File.WriteAllText(cert, "nonsense");
        served.Signal("HUP");
        Assert.StartsWith("the settings stay as they were: the certificate ", NextNote(served));
    }

    [Fact]
    public void A_certificate_that_is_none_is_told_before_anything_begins()
    {
        var file = Path.Combine(One, "index.html");
        var call = Call.Twocan("serve", One, "--cert", file, "--listen", "127.0.0.1:0", "--for", "1");
        Assert.Equal(2, call.ExitCode);
        Assert.StartsWith($"twocan: the certificate {file} cannot be used: ", call.Error);
    }

    [Fact]
    public void Behind_a_path_nginx_answers_and_is_told_whose_request_it_is()
    {
        using var nginx = Peer.Nginx();
        using var served = new Served(One, "--proxy", "/back=" + nginx.Url(""));
        var file = Path.Combine(_place, "file");
        Curl("-f", "-o", file, served.Url + "back/file.bin");
        Assert.Equal(nginx.Content, File.ReadAllBytes(file));
        Curl("-f", "-o", file, "-r", "10-1999999", served.Url + "back/file.bin");
        Assert.Equal(nginx.Content[10..2_000_000], File.ReadAllBytes(file));
        Assert.Equal(28_000, Curl("--compressed", served.Url + "back/page.html").Length);
        Assert.Equal("/back/page.html", Curl("-o", file, "-w", "%{redirect_url}", served.Url + "back/go")[^15..]);
        Assert.Matches(@"^127\.0\.0\.1 1\.1 \S+ \.$", Curl(served.Url + "back/forwarded"));
        Assert.Equal("404", Curl("-o", file, "-w", "%{http_code}", served.Url + "back/nothing"));
        Assert.Equal("<p>one</p>", Curl(served.Url));
    }

    [Fact]
    public void What_goes_up_through_a_path_arrives_behind_it()
    {
        var content = new byte[5_000_000];
        new Random(7).NextBytes(content);
        var file = Path.Combine(_place, "file");
        File.WriteAllBytes(file, content);
        using var behind = new Served(Path.Combine(_place, "other"), "--writable", "/up");
        using var served = new Served(One, "--proxy", "/back=" + behind.Url);
        foreach (
            var how in (string[][])
                [
                    ["-H", "Expect:"],
                    ["-H", "Expect: 100-continue"],
                    ["-H", "Transfer-Encoding: chunked"],
                ]
        )
        {
            Curl(["-f", "-T", file, .. how, served.Url + "back/up/file"]);
            var arrived = Path.Combine(_place, "other", "up", "file");
            Assert.Equal(content, File.ReadAllBytes(arrived));
            File.Delete(arrived);
        }
        behind.Process.Kill();
        behind.Process.WaitForExit();
        Assert.Equal("502", Curl("-o", "/dev/null", "-w", "%{http_code}", served.Url + "back/"));
    }

    [Fact]
    public void SIGHUP_lets_it_read_its_settings_again_and_wrong_ones_change_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are Linux's");
        var config = Path.Combine(_place, "site.yaml");
        File.WriteAllText(config, "root: one\nlisten: 127.0.0.1:0\n");
        using var served = Served.By(config);
        Assert.Equal("<p>one</p>", Curl(served.Url));
        File.WriteAllText(config, "root: other\nlisten: 127.0.0.1:0\n");
        served.Signal("HUP");
        Assert.Equal("the settings have been read again", NextNote(served));
        Assert.Equal("<p>other</p>", Curl(served.Url));
        File.WriteAllText(config, "root: nowhere\nlisten: 127.0.0.1:0\n");
        served.Signal("HUP");
        Assert.StartsWith("the settings stay as they were: there is no directory '", NextNote(served));
        Assert.Equal("<p>other</p>", Curl(served.Url));
    }

    [Fact]
    public void SIGHUP_opens_a_log_anew_that_was_moved_away()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are Linux's");
        var (log, moved) = (Path.Combine(_place, "log"), Path.Combine(_place, "log.1"));
        using var served = new Served(One, "--log", log);
        Curl(served.Url + "?first");
        File.Move(log, moved);
        served.Signal("HUP");
        Assert.Equal("the settings have been read again", NextNote(served));
        Curl(served.Url + "?second");
        Assert.Matches("^[^\n]*\"GET /\\?first HTTP/1.1\" 200 [^\n]*\n$", WhenWritten(moved));
        Assert.Matches("^[^\n]*\"GET /\\?second HTTP/1.1\" 200 [^\n]*\n$", WhenWritten(log));
        // Who moved it may remove it: nobody keeps its room on the disk.
        var open = Directory.GetFiles($"/proc/{served.Process.Id}/fd").Select(fd => File.ResolveLinkTarget(fd, false));
        Assert.DoesNotContain(open, target => target?.FullName == moved);
    }

    [Fact]
    public void A_log_without_room_costs_nobody_the_answer()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        using var served = new Served(One, "--log", "/dev/full");
        Assert.Equal("<p>one</p>", Curl(served.Url));
        Assert.Equal("<p>one</p>", Curl(served.Url));
        served.Signal("INT");
        Assert.Equal("2 lines of the log could not be written", NextNote(served));
    }

    /// <summary>A line is written when its answer has been sent, so who has the answer may be earlier.</summary>
    private static string WhenWritten(string log)
    {
        SpinWait.SpinUntil(() => new FileInfo(log).Length > 0, TimeSpan.FromSeconds(60));
        return File.ReadAllText(log);
    }

    private static string NextNote(Served served) =>
        served.Process.StandardError.ReadLine()?.Replace("twocan: ", "") ?? throw new EndOfStreamException();
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Twocan.Cli.Tests;

/// <summary>Somebody else's server on this machine, with a file of 3 MB and a page of 28,000 bytes.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(string program, Func<Peer, (string Program, string[] Arguments)> start)
    {
        Assert.SkipUnless(
            Call.IsInstalled(program) || File.Exists($"/usr/sbin/{program}"),
            $"{program} is not installed"
        );
        Directory = System.IO.Directory.CreateTempSubdirectory("twocan-peer-").FullName;
        Content = new byte[3_000_000];
        new Random(3).NextBytes(Content);
        File.WriteAllBytes(Path.Combine(Directory, "file.bin"), Content);
        File.WriteAllText(
            Path.Combine(Directory, "page.html"),
            string.Concat(Enumerable.Repeat("<p>twocan</p>\n", 2000))
        );
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var (file, arguments) = start(this);
        _process = Process.Start(
            new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (var i = 0; i < 400 && !Answers(); i++)
            Thread.Sleep(50);
    }

    public string Directory { get; }

    public byte[] Content { get; }

    public int Port { get; }

    public string Log => File.ReadAllText(Path.Combine(Directory, "access.log"));

    public string Url(string path) => $"http://127.0.0.1:{Port}/{path}";

    public static Peer Python() =>
        new(
            "python3",
            peer =>
                ("python3", ["-m", "http.server", "--bind", "127.0.0.1", "--directory", peer.Directory, $"{peer.Port}"])
        );

    public static Peer Nginx() =>
        new(
            "nginx",
            peer =>
            {
                var place = peer.Directory;
                var settings = peer.Write(
                    "nginx.conf",
                    $$"""
                    user root; daemon off; worker_processes 1; pid {{place}}/pid; error_log {{place}}/error.log;
                    events { worker_connections 64; }
                    http {
                      access_log off; gzip on; gzip_types text/html; default_type text/html;
                      client_body_temp_path {{place}}/b; proxy_temp_path {{place}}/p; fastcgi_temp_path {{place}}/f;
                      uwsgi_temp_path {{place}}/u; scgi_temp_path {{place}}/s;
                      server {
                        listen 127.0.0.1:{{peer.Port}}; root {{place}};
                        location /go { return 302 /page.html; }
                        location /cookie { add_header Set-Cookie "a=1; Path=/"; return 302 /seen; }
                        location /seen { return 200 "$http_cookie"; }
                        location /forwarded { return 200 "$http_x_forwarded_for $http_via $http_connection."; }
                      }
                    }
                    """
                );
                return ("/usr/sbin/nginx", ["-e", Path.Combine(place, "error.log"), "-c", settings]);
            }
        );

    [SuppressMessage("Security", "CA5350", Justification = "Apache's own form of a password.")]
    [SuppressMessage("Security", "CA5351", Justification = "RFC 7616 with MD5 is all that Apache's Digest knows.")]
    public static Peer Apache() =>
        new(
            "apache2",
            peer =>
            {
                var place = peer.Directory;
                foreach (var scheme in (string[])["basic", "digest"])
                {
                    System.IO.Directory.CreateDirectory(Path.Combine(place, scheme));
                    File.Copy(Path.Combine(place, "page.html"), Path.Combine(place, scheme, "page.html"));
                }
                var sha1 = Convert.ToBase64String(SHA1.HashData("secret"u8));
                var ha1 = Convert.ToHexStringLower(MD5.HashData("jane:digest:secret"u8));
                peer.Write("basic.users", $"jane:{{SHA}}{sha1}\n");
                peer.Write("digest.users", $"jane:digest:{ha1}\n");
                string[] modules =
                [
                    "mpm_event",
                    "authn_core",
                    "authn_file",
                    "authz_core",
                    "authz_user",
                    "auth_basic",
                    "auth_digest",
                    "mime",
                    "filter",
                    "deflate",
                ];
                var loads = new StringBuilder();
                foreach (var module in modules)
                    loads.Append($"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so\n");
                var settings = peer.Write(
                    "apache.conf",
                    $$"""
                    {{loads}}
                    ServerRoot {{place}}
                    ServerName localhost
                    PidFile {{place}}/pid
                    ErrorLog {{place}}/error.log
                    Mutex pthread
                    Listen 127.0.0.1:{{peer.Port}}
                    DocumentRoot {{place}}
                    TypesConfig /dev/null
                    AddType text/html .html
                    AddOutputFilterByType DEFLATE text/html
                    <Location /basic>
                      AuthType Basic
                      AuthName basic
                      AuthUserFile {{place}}/basic.users
                      Require valid-user
                    </Location>
                    <Location /digest>
                      AuthType Digest
                      AuthName digest
                      AuthDigestProvider file
                      AuthUserFile {{place}}/digest.users
                      Require valid-user
                    </Location>
                    """
                );
                return ("/usr/sbin/apache2", ["-X", "-f", settings]);
            }
        );

    /// <summary>A proxy for everybody, who keeps nothing.</summary>
    public static Peer Squid() =>
        new(
            "squid",
            peer =>
            {
                // It gives its privileges up, and then has to write its log.
                var place = peer.Directory;
                if (OperatingSystem.IsLinux())
                    File.SetUnixFileMode(place, (UnixFileMode)0x1FF);
                var settings = peer.Write(
                    "squid.conf",
                    $"""
                    http_port 127.0.0.1:{peer.Port}
                    http_access allow all
                    cache deny all
                    pid_filename none
                    access_log stdio:{place}/access.log
                    cache_log {place}/cache.log
                    coredump_dir {place}
                    shutdown_lifetime 1 second
                    visible_hostname squid.home
                    pinger_enable off
                    """
                );
                return ("/usr/sbin/squid", ["-N", "-f", settings]);
            }
        );

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path, text);
        return path;
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
}

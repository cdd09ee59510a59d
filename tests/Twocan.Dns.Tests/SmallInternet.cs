using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Dns.Tests;

/// <summary>A world with one switch: a pc, its nearest name server, and name servers for the root, kr and cyber.kr.</summary>
internal sealed class SmallInternet : IDisposable
{
    private const string Soa = "$TTL 1h\n@ SOA ns hostmaster 1 1h 15m 1w 5m\n";

    public SmallInternet(ulong seed = 1)
    {
        World = new World(seed, journal: true);
        Pc = Add("pc", "10.0.0.13");
        Resolver = Add("ns.isp", "10.0.0.53");
        Root = Add("root", "10.0.0.1");
        Kr = Add("ns.kr", "10.0.0.2");
        Cyber = Add("ns.cyber", "10.0.0.3");
        Pc.Stack.NameServers = [IpAddress.Parse("10.0.0.53")];
        Stub = new(Pc.Network);
        Root.Run(
            new NameServer([Zones.Parse(".", Soa + "@ NS a.root\na.root A 10.0.0.1\nkr NS ns.kr\nns.kr A 10.0.0.2")])
        );
        Kr.Run(
            new NameServer([Zones.Parse("kr", Soa + "@ NS ns\nns A 10.0.0.2\ncyber NS ns.cyber\nns.cyber A 10.0.0.3")])
        );
        var many = string.Concat(Enumerable.Range(0, 60).Select(i => $"many A 192.0.2.{i}\n"));
        Cyber.Run(
            new NameServer([
                Zones.Parse(
                    "cyber.kr",
                    Soa
                        + "@ NS ns\nns A 10.0.0.3\nwww A 192.0.2.226\nftp CNAME www\nmail A 192.0.2.227\n@ MX 10 mail\n"
                        + many
                ),
            ])
        );
        Resolver.Run(new RecursiveServer([new(DomainName.Parse("a.root"), IpAddress.Parse("10.0.0.1"))]));
    }

    public World World { get; }

    public Host Pc { get; }

    public Host Resolver { get; }

    public Host Root { get; }

    public Host Kr { get; }

    public Host Cyber { get; }

    public StubResolver Stub { get; }

    private Host Add(string name, string address)
    {
        var host = World.Host(name, address + "/24");
        World.Link(host, World.Switch("switch"), "100 Mbit/s, 5 ms");
        return host;
    }

    public void Run(Func<Task> main) => World.Loop.Run(main);

    /// <summary>The addresses of a name, or the error that the program gets.</summary>
    public async Task<string> Ask(string name)
    {
        try
        {
            return string.Join(" ", (await Stub.ResolveAsync(name)).Addresses);
        }
        catch (NameResolutionException failure)
        {
            return $"{failure.SocketErrorCode}: {failure.Message}";
        }
    }

    public IEnumerable<T> Events<T>(Host? host = null)
        where T : struct, IJournalEvent =>
        World
            .Journal!.Entries.Where(entry => host is null || entry.Host == host.Name)
            .Select(entry => entry.What)
            .OfType<T>();

    public void Dispose() => World.Dispose();
}

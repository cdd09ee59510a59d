using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Cli.Tests;

/// <summary>DHCP with programs that others have written: they lend a host of ours an address, and ours lends them one.</summary>
[SupportedOSPlatform("linux")]
public sealed class DhcpPeerTests : IDisposable
{
    /// <summary>What all of them call when something has changed; each has its own names for what it tells.</summary>
    private const string Script = """
        #!/bin/sh
        case ${reason:-$1} in
        bound | renew | BOUND | RENEW | REBOOT | REBIND) ip address replace ${new_ip_address:-$ip}/24 dev twocan0 ;;
        deconfig | RELEASE | EXPIRE | FAIL) ip address flush dev twocan0 ;;
        esac
        echo ${reason:-$1} ${new_ip_address:-$ip} ${new_subnet_mask:-$subnet} ${new_routers:-$router} \
            ${new_domain_name_servers:-$dns} ${new_domain_name:-$domain} ${new_dhcp_lease_time:-$lease} >>$(dirname $0)/said
        """;

    /// <summary>Waits for a word in what was said, but not for ever.</summary>
    private const string Until = """
        until_said() { for i in $(seq 300); do grep -qE "$1" said && return; sleep 0.1; done; echo "not said: $1"; cat said out; exit 1; }
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("twocan-dhcp-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Dnsmasq_lends_us_an_address_prolongs_it_and_gets_it_back()
    {
        Kernel.SkipUnlessHere("dnsmasq");
        var client = default(DhcpClientProgram);
        Kernel.With(
            "1 Gbit/s, 100 µs",
            async (www, netns) =>
            {
                var (loop, pc) = (www.World.Loop, (Host)www.World.Find("pc")!);
                var serving = Kernel.RunAsync(
                    loop,
                    netns,
                    $"""
                    dnsmasq --keep-in-foreground --user=root --port=0 --conf-file=/dev/null --interface=twocan0 \
                        --bind-interfaces --dhcp-authoritative --dhcp-range=10.9.0.100,10.9.0.110,120 --domain=lab \
                        --dhcp-option=option:router,10.9.0.1 --dhcp-option=option:dns-server,10.9.0.53,10.9.0.54 \
                        --dhcp-option=option:mtu,1400 --dhcp-option=option:T1,3 --dhcp-leasefile={_directory}/leases \
                        --pid-file={_directory}/pid --log-facility={_directory}/log
                    """
                );
                await UntilAsync(() => File.Exists($"{_directory}/pid"));
                client = pc.AskAddress(pc.Ends[0].Cable);
                await UntilAsync(() => client.Lease is not null);
                var first = client.Lease!;
                Assert.InRange(first.Address.Address.AsV4 & 0xFF, 100u, 110u);
                Assert.Equal((24, "lab", 1400), (first.Address.PrefixLength, first.Domain, first.Mtu));
                Assert.Equal(IpAddress.Parse("10.9.0.254"), first.Server);
                Assert.Equal([IpAddress.Parse("10.9.0.1")], first.Routers);
                Assert.Equal(["10.9.0.53", "10.9.0.54"], pc.Stack.NameServers.Select(server => $"{server}"));
                Assert.Equal(Duration.FromSeconds(120), first.Ends - first.Began);
                Assert.Contains(
                    "1 received",
                    await Kernel.RunAsync(loop, netns, $"ping -c 1 -W 5 {first.Address.Address}"),
                    StringComparison.Ordinal
                );

                await UntilAsync(() => client.Lease is { } lease && lease.Ends > first.Ends);
                Assert.Equal(first.Address, client.Lease!.Address);
                Assert.Contains($"{first.Address.Address} pc ", File.ReadAllText($"{_directory}/leases"));

                client.Release(loop.Now);
                await UntilAsync(() => File.ReadAllText($"{_directory}/log").Contains("DHCPRELEASE"));
                Assert.DoesNotContain(pc.Adapters[0].Addresses, address => address.Address.IsV4);
                await UntilAsync(() => File.ReadAllText($"{_directory}/leases").Length == 0);
                await Kernel.RunAsync(loop, netns, $"kill $(cat {_directory}/pid)");
                await serving;

                async Task UntilAsync(Func<bool> isSo)
                {
                    while (!isSo())
                        await loop.DelayAsync(Duration.FromMilliseconds(20));
                }
            },
            furnish: world => world.Link(world.Host("pc"), world.Switch("lan"))
        );
    }

    [Fact]
    public void Udhcpc_gets_an_address_of_ours_prolongs_it_and_gives_it_back()
    {
        Kernel.SkipUnlessHere("udhcpc", "ping");
        var said = Lend(
            """
            udhcpc -f -i twocan0 -s ./script -t 10 -T 1 -x hostname:lodger >out 2>&1 &
            until_said bound
            ping -c 1 -W 5 10.9.0.1 >>out || echo no answer
            kill -USR1 $!
            until_said renew
            kill -USR2 $!
            sleep 0.5
            kill $!
            """,
            "lodger"
        );
        const string Lent = "10.9.0.100 255.255.255.0 10.9.0.1 10.9.0.53 lab 60";
        Assert.Equal(["deconfig", $"bound {Lent}", $"renew {Lent}"], said[..3].Select(line => line.Trim()));
    }

    [Fact]
    public void Dhclient_gets_an_address_of_ours_asks_for_it_again_after_a_restart_and_gives_it_back()
    {
        Kernel.SkipUnlessHere("dhclient", "ping");
        var said = Lend(
            """
            echo 'send host-name "lodger";' >conf
            run() { dhclient -v -cf $PWD/conf -lf $PWD/leases -pf $PWD/pid -sf $PWD/script "$@" twocan0 >>out 2>&1; }
            touch leases
            run -1
            until_said BOUND
            ping -c 1 -W 5 10.9.0.1 >>out || echo no answer
            kill -KILL $(cat pid)
            run -1
            until_said REBOOT
            run -r
            until_said RELEASE
            """,
            "lodger"
        );
        const string Lent = "10.9.0.100 255.255.255.0 10.9.0.1 10.9.0.53 lab 60";
        Assert.Contains($"BOUND {Lent}", said);
        Assert.Contains($"REBOOT {Lent}", said);
    }

    /// <summary>It says who it is by a number of its own (RFC 4361), not by its MAC address.</summary>
    [Fact]
    public void Dhcpcd_gets_an_address_of_ours_prolongs_it_and_gives_it_back()
    {
        Kernel.SkipUnlessHere("dhcpcd", "ping");
        var said = Lend(
            """
            for place in /run /var/lib/dhcpcd /var/db; do mkdir -p $place && mount -t tmpfs tmpfs $place; done
            printf 'hostname lodger\nduid\nduid ll\noption domain_name_servers, domain_name\n' >conf
            dhcpcd -4 -B -f $PWD/conf -c $PWD/script twocan0 >out 2>&1 &
            until_said BOUND
            ping -c 1 -W 5 10.9.0.1 >>out || echo no answer
            dhcpcd -4 -n twocan0 >>out 2>&1
            until_said 'RENEW|REBIND'
            dhcpcd -4 -k twocan0 >>out 2>&1
            wait
            """,
            "lodger"
        );
        Assert.Contains("BOUND 10.9.0.100 255.255.255.0 10.9.0.1 10.9.0.53 lab 60", said);
    }

    /// <summary>Runs a client of others in a namespace; answers what it has told. Before and after nobody has an address.</summary>
    private string[] Lend(string client, string hostName)
    {
        File.WriteAllText($"{_directory}/script", Script);
        File.SetUnixFileMode($"{_directory}/script", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var server = new DhcpServerProgram(
            1,
            new(InterfaceAddress.Parse("10.9.0.1/24"), IpAddress.Parse("10.9.0.100"), IpAddress.Parse("10.9.0.110"))
            {
                Routers = [IpAddress.Parse("10.9.0.1")],
                NameServers = [IpAddress.Parse("10.9.0.53")],
                Domain = "lab",
                LeaseTime = Duration.FromSeconds(60),
            }
        );
        Kernel.With(
            "1 Gbit/s, 100 µs",
            async (www, netns) =>
            {
                www.Run(server);
                var failure = await Kernel.RunAsync(
                    www.World.Loop,
                    netns,
                    $"cd {_directory}; ip address flush dev twocan0; touch said out\n{Until}\n{client}"
                );
                Assert.True(failure.Length == 0, failure);
                var binding = Assert.Single(server.Server.Leases.Bindings);
                Assert.Equal(
                    ("10.9.0.100", hostName, DhcpBindingState.Free),
                    ($"{binding.Address}", binding.HostName, binding.State)
                );
            }
        );
        return File.ReadAllLines($"{_directory}/said");
    }
}

using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns.Tests;

public sealed class HostsFileTests
{
    [Fact]
    public void A_name_in_the_machines_hosts_file_is_asked_of_nobody()
    {
        var name = File.Exists("/etc/hosts")
            ? File.ReadLines("/etc/hosts")
                .Select(static line => line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Where(static words => words.Length > 1 && IpAddress.TryParse(words[0], out _))
                .SelectMany(static words => words[1..])
                .FirstOrDefault(static one =>
                    one != "localhost" && !one.EndsWith(".localhost", StringComparison.Ordinal)
                )
            : null;
        Assert.SkipWhen(name is null, "there is no other name than localhost in /etc/hosts");
        var loop = HostNetwork.OpenLoop();
        using var driver = loop.Driver as IDisposable;
        var journal = new Journal(loop);
        var network = new HostNetwork(loop, journal.For("here"));
        var answer = loop.Run(async () => await new StubResolver(network).ResolveAsync(name));
        Assert.Equal(HostsFile.AddressesOf(name).Order(), answer.Addresses.Order());
        Assert.Contains(journal.Entries, static entry => entry.What is NameKnownHere);
        Assert.DoesNotContain(journal.Entries, static entry => entry.What is LookupBegan);
    }
}

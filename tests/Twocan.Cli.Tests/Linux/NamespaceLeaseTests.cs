using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Cli.Tests;

[SupportedOSPlatform("linux")]
public sealed class NamespaceLeaseTests
{
    private static readonly IpAddress[] s_servers = [IpAddress.Parse("10.9.0.1")];

    [Fact]
    public void Many_take_namespaces_and_give_them_back_at_once()
    {
        Kernel.SkipUnlessHere();
        var names = Enumerable.Range(0, 64).Select(_ => Kernel.NewNamespace()).ToArray();

        Parallel.ForEach(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            name =>
            {
                using var lease = NamespaceLease.Take(name, s_servers);
                Assert.True(NetworkNamespace.Exists(name));
                Assert.Equal("nameserver 10.9.0.1", File.ReadAllText($"/etc/netns/{name}/resolv.conf").Trim());
            }
        );

        Assert.All(names, name => Assert.False(NetworkNamespace.Exists(name)));
        Assert.All(names, name => Assert.False(Directory.Exists($"/etc/netns/{name}")));
    }

    [Fact]
    public void Who_joins_a_namespace_leaves_it_to_its_maker()
    {
        Kernel.SkipUnlessHere();
        var name = Kernel.NewNamespace();
        using (NamespaceLease.Take(name, s_servers))
        {
            using (NamespaceLease.Take(name, s_servers)) { }
            Assert.True(NetworkNamespace.Exists(name));
            Assert.True(File.Exists($"/etc/netns/{name}/resolv.conf"));
        }
        Assert.False(NetworkNamespace.Exists(name));
    }
}

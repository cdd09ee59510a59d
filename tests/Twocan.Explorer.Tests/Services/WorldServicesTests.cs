using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class WorldServicesTests
{
    [Fact]
    public void The_world_that_ships_has_no_mistake() => Assert.Empty(WorldLibrary.Check("cyber"));

    [Fact]
    public void A_world_is_found_by_its_name_or_its_path()
    {
        Assert.Contains("cyber", WorldLibrary.Names);
        var path = WorldLibrary.PathOf("cyber");
        Assert.Equal(path, WorldLibrary.PathOf(path));
    }

    [Fact]
    public void An_unknown_world_is_answered_with_the_one_that_was_meant()
    {
        var error = Assert.Single(WorldLibrary.Check("ciber"));
        Assert.Equal(
            "ciber:1:1: there is no such file, and no world of that name; did you mean 'cyber'?",
            error.ToString()
        );
    }

    [Fact]
    public void Mistakes_in_services_are_told_at_their_place()
    {
        var errors = Errors(
            """
            hosts:
              a:
                address: 10.0.0.1/24
                services:
                  web: {rot: site}
                  resolver: {roots: {a.root: 1.2.3}}
                  name-server:
                    zones:
                      kr: |
                        $TTL 60
                        @   SOA  ns hostmaster 1 1h 15m 1w 1h
                        @   NS   ns
                        ns  A    10.0.0.300
                      com: {file: com.zone}
              b:
                address: 10.0.0.2/24
                services: {web: , resolver: , name-server: }
            links: {a--b: }
            """
        );
        Assert.Equal(
            [
                "5:7: a web server needs its documents: write 'root: DIRECTORY'",
                "5:13: a web server has no 'rot': did you mean 'root'?",
                "6:34: '1.2.3' is not an address, such as 198.41.0.4",
                "13:22: ",
                "14:23: there is no file 'com.zone' beside the world file",
                "17:16: a web server needs its documents: write 'root: DIRECTORY'",
                "17:23: a resolver begins at the root: write 'roots:' and below it 'a.root-servers.net: 198.41.0.4'",
                "17:35: a name server needs a zone: write 'zones:' and below it one such as 'example.com: |'",
            ],
            errors,
            (says, error) => error.StartsWith($"w.yaml:{says}", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_proxy_keeps_in_memory_or_on_disk_and_not_in_both()
    {
        var errors = Errors(
            """
            hosts:
              a:
                address: 10.0.0.1/24
                services:
                  proxy: {memory: much, disk: store, limt: 1 GiB}
              b:
                address: 10.0.0.2/24
                services:
                  proxy: {memory: 1 MiB, disk: store}
              c:
                address: 10.0.0.3/24
                services:
                  proxy: {limit: 1 GiB}
            hubs: [hub]
            links: {a--hub: , b--hub: , c--hub: }
            """
        );
        Assert.Equal(
            [
                "5:23: ",
                "5:42: a proxy has no 'limt': did you mean 'limit'?",
                "9:7: a proxy keeps what it has either in memory or on disk: leave one of them out",
                "13:7: 'limit' is for a store on disk: write 'memory: 64 MiB' for one in memory",
            ],
            errors,
            (says, error) => error.StartsWith($"w.yaml:{says}", StringComparison.Ordinal)
        );
    }

    private static IReadOnlyList<string> Errors(string text) =>
        [
            .. Assert
                .Throws<WorldFileException>(() => WorldFile.Read(text, "w.yaml", WorldServices.Catalog))
                .Errors.Select(error => error.ToString()),
        ];
}

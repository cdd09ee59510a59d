using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>What the world files' <c>services:</c> may name: the servers of all rooms, each with the lines that describe it.</summary>
public static class WorldServices
{
    public static ServiceCatalog Catalog { get; } =
        SmallServiceReader.AddTo(
            new ServiceCatalog()
                .Add("name-server", NameServerService.Create)
                .Add("resolver", ResolverService.Create)
                .Add("web", WebService.Create)
                .Add("proxy", ProxyService.Create)
                .Add("dhcp", DhcpService.Create)
        );
}

using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>dhcp:</c> with <c>range:</c>, the addresses that are lent on the link on which they stand; and what their holders are
/// told with them. Router and name servers are the host's own where nothing else is said.
/// </summary>
internal static class DhcpService
{
    private const string Form = "write 'range: 10.11.12.100 - 10.11.12.199'";

    /// <summary>As many as a /16 has.</summary>
    private const uint MostAddresses = 65536;

    public static IProgram? Create(ServiceContext context)
    {
        var reader = context.Reader("a dhcp service");
        var range = reader.Optional("range");
        var routers = Addresses(context, reader, "router");
        var nameServers = Addresses(context, reader, "name-servers");
        var domain = reader.Text("domain");
        var mtu = reader.Number("mtu", 68, 65535);
        var lease = reader.Time("lease") ?? Duration.FromSeconds(3600);
        reader.RefuseOthers();
        if (lease < DhcpLease.Shortest)
            context.Error(reader.Node["lease"]!, $"a lease of {lease} is too short: {DhcpLease.Shortest} at least");
        if (range is null)
            context.Error(context.Key, $"a dhcp service needs addresses to lend: {Form}");
        if (range is null || ReadRange(context, range) is not { } given)
            return null;
        var (number, own, first, last) = given;
        return new DhcpServerProgram(
            number,
            new(own, first, last)
            {
                Routers = routers ?? (context.Host is Router ? [own.Address] : Gateways(context.Host)),
                NameServers = nameServers ?? [.. context.Host.Network.NameServers.Where(static server => server.IsV4)],
                Domain = domain,
                Mtu = mtu,
                LeaseTime = lease,
            }
        );
    }

    private static List<IpAddress> Gateways(Host host) => [.. host.Gateways.Where(static gateway => gateway.IsV4)];

    private static (int Adapter, InterfaceAddress Own, IpAddress First, IpAddress Last)? ReadRange(
        ServiceContext context,
        ConfigNode range
    )
    {
        if (
            range.Text.Split('-', StringSplitOptions.TrimEntries) is not [var from, var to]
            || !IpAddress.TryParse(from, out var first)
            || !IpAddress.TryParse(to, out var last)
            || !first.IsV4
            || !last.IsV4
            || last.AsV4 < first.AsV4
        )
        {
            context.Error(range, $"{range} is not a range of addresses: {Form}");
            return null;
        }
        if (last.AsV4 - first.AsV4 >= MostAddresses)
        {
            context.Error(range, $"{range} are more than {MostAddresses} addresses");
            return null;
        }
        if (Find(context.Host, first) is not var (number, own) || !own.Subnet.Contains(last))
        {
            var subnets = string.Join(", ", context.Host.GlobalAddresses.Select(address => address.Subnet));
            context.Error(range, $"{range} is not within one subnet of {context.Host.Name}, which stands in {subnets}");
            return null;
        }
        if (first == own.Subnet.Network || last == own.Subnet.Last)
        {
            context.Error(
                range,
                $"{range} holds an address that names the subnet {own.Subnet} itself, or everybody in it"
            );
            return null;
        }
        foreach (var host in context.Host.World.Hosts)
        {
            foreach (var address in host.Addresses.Select(address => address.Address))
            {
                if (address.IsV4 && address.AsV4 >= first.AsV4 && address.AsV4 <= last.AsV4)
                    context.Error(range, $"{address} is in this range, and it is the address of {host.Name}");
            }
        }
        return (number, own, first, last);
    }

    /// <summary>The adapter that stands in the subnet of an address, by its number.</summary>
    private static (int Number, InterfaceAddress Own)? Find(Host host, IpAddress address)
    {
        for (var i = 0; i < host.Adapters.Count; i++)
        {
            foreach (var own in host.Adapters[i].Addresses)
            {
                if (own.Subnet.Contains(address))
                    return (i + 1, own);
            }
        }
        return null;
    }

    /// <summary>Hosts by their names, or addresses; null where nothing is said.</summary>
    private static List<IpAddress>? Addresses(ServiceContext context, ConfigReader reader, string key)
    {
        var given = reader.Texts(key);
        if (given.Count == 0)
            return null;
        var found = new List<IpAddress>();
        foreach (var name in given)
        {
            if (IpAddress.TryParse(name.Text, out var address) && address.IsV4)
                found.Add(address);
            else if (
                context.Host.World.Find(name.Text) is Host known
                && known.Addresses.FirstOrDefault(static one => one.Address.IsV4) is var one
                && one != default
            )
                found.Add(one.Address);
            else
                context.Error(name, $"{name} is no host of this world, and no IPv4 address");
        }
        return found;
    }
}

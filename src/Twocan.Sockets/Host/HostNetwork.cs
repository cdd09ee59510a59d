using System.Net.NetworkInformation;
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// This machine's own network: the operating system's sockets behind the same calls that a world's hosts have. Programs run
/// on it as they are. Its loop is one in real time (<see cref="OpenLoop"/>); where nothing is said of Linux, everything here runs on
/// any system that .NET runs on.
/// </summary>
public sealed class HostNetwork : INetwork
{
    private const string ResolverSettings = "/etc/resolv.conf";

    public HostNetwork(EventLoop loop, HostJournal? journal = null)
    {
        if (loop.Driver is not PortableDriver && !(OperatingSystem.IsLinux() && loop.Driver is LinuxDriver))
            throw new ArgumentException("The machine's own network needs a loop in real time.", nameof(loop));
        (Name, Loop, Journal) = (Environment.MachineName, loop, journal);
        Random = RandomSource.Unpredictable();
        Sockets = new(Loop, Name, Create);
        Calls = journal is null ? Sockets : new JournaledSocketCalls(Sockets, journal, Sockets.LastEvent, loop);
        NameServers = ReadNameServers();
    }

    public string Name { get; }

    public EventLoop Loop { get; }

    /// <summary>Not the loop's, which follows from a seed: what is drawn here nobody out there is to guess.</summary>
    public RandomSource Random { get; }

    public HostJournal? Journal { get; }

    /// <summary>The sockets behind the calls.</summary>
    public SocketCalls Sockets { get; }

    public ISocketCalls Calls { get; }

    public IReadOnlyList<IpAddress> NameServers { get; }

    public IReadOnlyList<IpAddress> KnownHere(string name) => [.. HostsFile.AddressesOf(name)];

    /// <summary>Connections that came from where their listener admits nobody.</summary>
    public long Refused { get; private set; }

    public bool Speaks(IpFamily family) =>
        FindMine(mine => mine.Family == family && !mine.IsLoopback && !mine.IsLinkLocal) is not null;

    /// <summary>As RFC 6724 §8 and every C library have it: a datagram socket is connected, which sends nothing, and asked for its name.</summary>
    public SourceCandidate? SourceFor(IpAddress destination)
    {
        try
        {
            using var socket = DatagramSocket.Open(Sockets, SocketKind.Datagram, default, default);
            if (!socket.ConnectAsync(new(destination, Port.Domain)).AsTask().IsCompletedSuccessfully)
                return null;
            var source = socket.LocalEndpoint.Address;
            return FindMine(mine => mine == source) ?? new(source, source.BitLength);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static SourceCandidate? FindMine(Func<IpAddress, bool> isWanted)
    {
        foreach (var adapter in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var one in adapter.GetIPProperties().UnicastAddresses)
            {
                if (IpAddress.TryParse(one.Address.ToString().Split('%')[0], out var mine) && isWanted(mine))
                    return new(mine, one.PrefixLength);
            }
        }
        return null;
    }

    /// <summary>A loop in real time for this system.</summary>
    public static EventLoop OpenLoop() =>
        new(
            OperatingSystem.IsLinux() ? new LinuxDriver() : new PortableDriver(),
            RandomSource.Unpredictable().NextUInt64()
        );

    /// <summary>The kernel has shaken hands by then; a reset is the first that the peer hears after it.</summary>
    internal void Refuse(SystemSocket connection, Endpoint local, Endpoint remote)
    {
        Refused++;
        Journal?.Tell(new PeerRefused(local, remote));
        _ = connection.SetOption(SocketOption.Linger, 0);
        connection.Dispose();
    }

    private OpenSocket Create(SocketKind kind) =>
        kind switch
        {
            SocketKind.Stream => new HostStream(this),
            SocketKind.Datagram => new HostDatagram(Loop, Name),
            SocketKind.Icmp => new HostPing(Loop, Name, (ushort)Random.Next(1, ushort.MaxValue)),
            _ => throw new SocketException((int)SocketError.ProtocolNotSupported),
        };

    private static List<IpAddress> ReadNameServers()
    {
        if (!File.Exists(ResolverSettings))
            return
            [
                .. NetworkInterface
                    .GetAllNetworkInterfaces()
                    .Where(adapter => adapter.OperationalStatus == OperationalStatus.Up)
                    .SelectMany(adapter => adapter.GetIPProperties().DnsAddresses)
                    .Select(address => IpAddress.TryParse(address.ToString(), out var one) ? one : default)
                    .Where(address => address != default)
                    .Distinct(),
            ];
        var servers = new List<IpAddress>();
        foreach (var line in File.ReadAllLines(ResolverSettings))
        {
            // A scope behind '%' names an adapter; the address is what stands before it.
            if (
                line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var server, ..]
                && IpAddress.TryParse(server, out var address)
            )
                servers.Add(address);
        }
        return servers;
    }
}

using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// What a program sees of its host: the socket calls, the loop's clock, a source of randomness, the journal. Everything
/// above the transport is written against this alone, and so runs on a host of a world and on the operating system alike.
/// </summary>
public interface INetwork
{
    /// <summary>The host's name.</summary>
    string Name { get; }

    EventLoop Loop { get; }

    RandomSource Random { get; }

    /// <summary>Null when nobody reads it.</summary>
    HostJournal? Journal { get; }

    ISocketCalls Calls { get; }

    /// <summary>The name servers that this machine's settings name, nearest first.</summary>
    IReadOnlyList<IpAddress> NameServers { get; }

    /// <summary>The addresses of a name that this machine knows without asking anybody: its hosts file.</summary>
    IReadOnlyList<IpAddress> KnownHere(string name) => [];

    /// <summary>Which of several addresses this machine takes first (RFC 6724 §2.1): its gai.conf.</summary>
    IReadOnlyList<AddressPolicy> AddressPolicies => AddressSelection.DefaultPolicies;

    /// <summary>Has this machine an address of that family that reaches beyond its link? Else nobody need be asked for one (AI_ADDRCONFIG).</summary>
    bool Speaks(IpFamily family);

    /// <summary>The address of mine that a packet for <paramref name="destination"/> would leave with; null when there is no way to it.</summary>
    SourceCandidate? SourceFor(IpAddress destination);
}

/// <summary>A program that can be run on a host: a server, a tool.</summary>
public interface IProgram
{
    string Name { get; }

    Task RunAsync(INetwork network, CancellationToken stop);
}

/// <summary>The calls that programs really use, one step above the descriptors.</summary>
public static class NetworkExtensions
{
    /// <summary>2000::, one of those that IANA gives out for the world.</summary>
    private static readonly IpAddress GlobalIpv6 = new(0x2000UL << 48, 0);

    /// <summary>A machine may have been set up without IPv6 altogether; a world's never is.</summary>
    private static bool IsWithoutIpv6(SocketException refusal, Endpoint local) =>
        local.Address == IpAddress.Any6
        && refusal.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable;

    extension(INetwork network)
    {
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public async ValueTask<TcpStream> ConnectAsync(
            Endpoint remote,
            EventId because = default,
            CancellationToken stop = default
        )
        {
            var descriptor = network.Calls.Socket(SocketKind.Stream, because, remote.Address.Family);
            try
            {
                await network.Calls.ConnectAsync(descriptor, remote, because, stop);
                return new(network.Calls, descriptor) { Because = because };
            }
            catch
            {
                network.Calls.Close(descriptor, because);
                throw;
            }
        }

        /// <param name="local">On :: whoever comes is let in, by IPv6 or by IPv4.</param>
        public Listener Listen(Endpoint local, ListenOptions? options = null)
        {
            options ??= new();
            var descriptor = network.Calls.Socket(SocketKind.Stream, default, local.Address.Family);
            try
            {
                network.Calls.SetOption(descriptor, SocketOption.ReuseAddress, 1);
                if (options.SharesPort)
                    network.Calls.SetOption(descriptor, SocketOption.ReusePort, 1);
                network.Calls.Bind(descriptor, local);
                if (options.Admits is { } admitted)
                    network.Calls.Admit(descriptor, admitted);
                network.Calls.Listen(descriptor, options.Backlog);
                return new(network.Calls, descriptor);
            }
            catch (SocketException refusal) when (IsWithoutIpv6(refusal, local))
            {
                network.Calls.Close(descriptor);
                return network.Listen(local with { Address = IpAddress.Any }, options);
            }
            catch
            {
                network.Calls.Close(descriptor);
                throw;
            }
        }

        public Listener Listen(Port port, ListenOptions? options = null) =>
            network.Listen(new Endpoint(IpAddress.Any6, port), options);

        /// <param name="local">On :: and a port it hears whoever sends to that, by IPv6 or by IPv4.</param>
        public DatagramSocket OpenDatagram(Endpoint local = default, EventId because = default)
        {
            try
            {
                return DatagramSocket.Open(network.Calls, SocketKind.Datagram, local, because);
            }
            catch (SocketException refusal) when (local != default && IsWithoutIpv6(refusal, local))
            {
                return network.OpenDatagram(local with { Address = IpAddress.Any }, because);
            }
        }

        public DatagramSocket OpenIcmp(EventId because = default) =>
            DatagramSocket.Open(network.Calls, SocketKind.Icmp, default, because);

        /// <summary>Does it take an IPv4 address where a name has one of either family?</summary>
        public bool PrefersIpv4 =>
            AddressSelection.PolicyOf(IpAddress.Any, network.AddressPolicies).Precedence
            > AddressSelection.PolicyOf(GlobalIpv6, network.AddressPolicies).Precedence;

        /// <summary>In the order in which they are to be tried (RFC 6724 §6).</summary>
        public IReadOnlyList<IpAddress> Sort(IEnumerable<IpAddress> addresses)
        {
            var sorted = addresses.ToArray();
            if (sorted.Length < 2)
                return sorted;
            var sources = Array.ConvertAll(sorted, network.SourceFor);
            AddressSelection.SortDestinations(sorted, sources, network.AddressPolicies);
            return sorted;
        }
    }
}

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
    extension(INetwork network)
    {
        public async ValueTask<TcpStream> ConnectAsync(
            Endpoint remote,
            EventId because = default,
            CancellationToken stop = default
        )
        {
            var descriptor = network.Calls.Socket(SocketKind.Stream, because);
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

        public Listener Listen(Endpoint local, int backlog = 128)
        {
            var descriptor = network.Calls.Socket(SocketKind.Stream);
            try
            {
                network.Calls.SetOption(descriptor, SocketOption.ReuseAddress, 1);
                network.Calls.Bind(descriptor, local);
                network.Calls.Listen(descriptor, backlog);
                return new(network.Calls, descriptor);
            }
            catch
            {
                network.Calls.Close(descriptor);
                throw;
            }
        }

        public Listener Listen(Port port, int backlog = 128) =>
            network.Listen(new Endpoint(IpAddress.Any, port), backlog);

        public DatagramSocket OpenDatagram(Endpoint local = default, EventId because = default) =>
            DatagramSocket.Open(network.Calls, SocketKind.Datagram, local, because);

        public DatagramSocket OpenIcmp(EventId because = default) =>
            DatagramSocket.Open(network.Calls, SocketKind.Icmp, default, because);
    }
}

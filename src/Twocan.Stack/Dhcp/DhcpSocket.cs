using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>A UDP socket for DHCP messages on one adapter; what is no such message is not even seen.</summary>
internal sealed class DhcpSocket : IDisposable
{
    private readonly INetwork _network;
    private readonly DatagramSocket _socket;
    private readonly byte[] _buffer = new byte[2048];

    /// <param name="adapter">Its number on this host, from 1.</param>
    public DhcpSocket(INetwork network, int adapter, Port port)
    {
        _network = network;
        _socket = network.OpenDatagram();
        try
        {
            _socket.SetOption(SocketOption.Broadcast, 1);
            _socket.SetOption(SocketOption.BindToDevice, adapter);
            network.Calls.Bind(_socket.Descriptor, new(IpAddress.Any, port));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public async ValueTask<(DhcpMessage Message, EventId Because)> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            var received = await _socket.ReceiveFromAsync(_buffer, stop);
            if (DhcpMessage.TryRead(_buffer.AsSpan(0, received.Length), out var message))
            {
                var heard = _network.Journal?.Tell(new DhcpReceived(message, received.From), received.Because);
                return (message, heard ?? received.Because);
            }
        }
    }

    public async ValueTask SendAsync(DhcpTransmission transmission, EventId because)
    {
        var sent = _network.Journal?.Tell(new DhcpSent(transmission.Message, transmission.To), because) ?? because;
        try
        {
            await _socket.SendToAsync(transmission.Message.ToArray(), transmission.To, sent);
        }
        catch (SocketException)
        {
            // No way there now. Whoever wants an answer asks again.
        }
    }

    public void Dispose() => _socket.Dispose();
}

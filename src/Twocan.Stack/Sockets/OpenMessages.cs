using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>What a UDP socket and a ping socket have in common for those who hold their descriptor.</summary>
internal interface IMessageSocket
{
    byte TimeToLive { get; set; }

    bool MayBroadcast { get; set; }

    bool DontFragment { get; set; }

    int ReceiveBufferSize { get; set; }

    ValueTask<Received> ReceiveAsync(Memory<byte> into, CancellationToken stop);

    void Close();
}

/// <summary>A socket for messages that stand alone, behind a descriptor.</summary>
internal abstract class OpenMessages(IMessageSocket socket) : OpenSocket
{
    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override void Close(EventId because) => socket.Close();

    public override void SetOption(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.TimeToLive:
                socket.TimeToLive = CheckTimeToLive(value);
                break;
            case SocketOption.Broadcast:
                socket.MayBroadcast = value != 0;
                break;
            case SocketOption.DontFragment:
                socket.DontFragment = value != 0;
                break;
            case SocketOption.ReceiveBuffer:
                socket.ReceiveBufferSize = CheckBufferSize(value);
                break;
            default:
                base.SetOption(option, value);
                break;
        }
    }

    public override int GetOption(SocketOption option) =>
        option switch
        {
            SocketOption.TimeToLive => socket.TimeToLive,
            SocketOption.Broadcast => socket.MayBroadcast ? 1 : 0,
            SocketOption.DontFragment => socket.DontFragment ? 1 : 0,
            SocketOption.ReceiveBuffer => socket.ReceiveBufferSize,
            _ => base.GetOption(option),
        };
}

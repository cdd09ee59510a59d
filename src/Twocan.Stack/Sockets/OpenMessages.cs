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

    bool TryReceive(Span<byte> into, out Received received);

    /// <summary>Set by each datagram and each error that comes in.</summary>
    Signal Received { get; }

    bool IsReadable { get; }

    bool HasError { get; }

    void Close();
}

/// <summary>A socket for messages that stand alone, behind a descriptor.</summary>
internal abstract class OpenMessages(IMessageSocket socket) : OpenSocket
{
    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override bool TryRead(Span<byte> into, out Received received) => socket.TryReceive(into, out received);

    /// <summary>There is always room to send: what finds none on its way is lost.</summary>
    public override PollEvents Poll() =>
        PollEvents.Out
        | (socket.IsReadable ? PollEvents.In : PollEvents.None)
        | (socket.HasError ? PollEvents.Error : PollEvents.None);

    public override Signal Changed(PollEvents wanted) => socket.Received;

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

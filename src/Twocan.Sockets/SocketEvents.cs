using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A program calls the socket library: <c>connect(3, 192.0.2.226:80)</c>.</summary>
public readonly record struct SocketCalled(string Call, int Descriptor, string Arguments) : IJournalEvent
{
    public Layer Layer => Layer.Socket;

    public string Say(Language language) => $"{Call}({Arguments})";
}

/// <summary>Somebody whom the listener does not admit was sent away.</summary>
public readonly record struct PeerRefused(Endpoint Local, Endpoint Remote) : IJournalEvent
{
    public Layer Layer => Layer.Socket;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Remote}에서 온 연결을 돌려보냅니다: {Local}에서는 정해진 서브넷만 받습니다"
            : $"sends {Remote} away: {Local} admits only certain subnets";
}

/// <summary>A connection of the operating system's is about to be closed, and this is what the kernel knows of it (TCP_INFO).</summary>
public readonly record struct StockTaken(Endpoint Local, Endpoint Remote, HostTcpInfo Info) : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"커널이 본 {Local} → {Remote} 연결: 왕복 {Info.SmoothedRtt}, 재전송 {Info.Retransmissions}번"
            : $"the kernel of {Local} → {Remote}: round trip {Info.SmoothedRtt}, {Info.Retransmissions} sent again";
}

/// <summary>The call comes back: <c>= 0</c>, <c>= 3</c>, <c>= -1 ConnectionRefused</c>.</summary>
public readonly record struct SocketReturned(string Call, int Descriptor, string Arguments, string Result)
    : IJournalEvent
{
    public Layer Layer => Layer.Socket;

    public string Say(Language language) => $"{Call}({Arguments}) = {Result}";
}

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

/// <summary>The call comes back: <c>= 0</c>, <c>= 3</c>, <c>= -1 ConnectionRefused</c>.</summary>
public readonly record struct SocketReturned(string Call, int Descriptor, string Arguments, string Result)
    : IJournalEvent
{
    public Layer Layer => Layer.Socket;

    public string Say(Language language) => $"{Call}({Arguments}) = {Result}";
}

using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A program calls the socket library: <c>connect(3, 192.0.2.226:80)</c>.</summary>
public readonly record struct SocketCalled(string Call, int Descriptor, string Arguments) : IJournalEvent
{
    public Layer Layer => Layer.Socket;

    public string Say(Language language) => $"{Call}({Arguments})";
}

/// <summary>The call comes back: <c>= 0</c>, <c>= 3</c>, <c>= -1 ConnectionRefused</c>.</summary>
public readonly record struct SocketReturned(string Call, int Descriptor, string Arguments, string Result)
    : IJournalEvent
{
    public Layer Layer => Layer.Socket;

    public string Say(Language language) => $"{Call}({Arguments}) = {Result}";
}

using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A socket's options: what was set is answered as it was said, and waits where there is no socket of the system's yet.
/// </summary>
internal sealed class HostOptions(params ReadOnlySpan<SocketOption> known)
{
    private readonly SocketOption[] _known = known.ToArray();
    private Dictionary<SocketOption, int>? _said;
    private bool _isShared;

    public bool IsOn(SocketOption option) => _said?.GetValueOrDefault(option) is not (null or 0);

    /// <summary>Throws what the system says to it, if there is a socket to ask.</summary>
    public void Set(SystemSocket? socket, SocketOption option, int value)
    {
        if (!_known.Contains(option))
            throw new SocketException((int)SocketError.ProtocolOption);
        if (socket?.SetOption(option, value) is { } error && error != SocketError.Success)
            throw new SocketException((int)error);
        if (_said is null || _isShared)
            _said = _said is null ? [] : new(_said);
        _isShared = false;
        _said[option] = value;
    }

    public int Get(SystemSocket? socket, SocketOption option)
    {
        if (option == SocketOption.Error)
            return (int)(socket?.TakeError() ?? SocketError.Success);
        if (!_known.Contains(option))
            throw new SocketException((int)SocketError.ProtocolOption);
        if (_said is not null && _said.TryGetValue(option, out var said))
            return said;
        return socket?.GetOption(option)
            ?? option switch
            {
                SocketOption.TimeToLive => 64,
                SocketOption.Linger => -1,
                _ => 0,
            };
    }

    /// <summary>All that was said before there was a socket.</summary>
    public void ApplyTo(SystemSocket socket)
    {
        if (_said is null)
            return;
        foreach (var (option, value) in _said)
        {
            if (socket.SetOption(option, value) is var error && error != SocketError.Success)
                throw new SocketException((int)error);
        }
    }

    /// <summary>A connection that was accepted has the options of the socket that listened for it.</summary>
    public static HostOptions Inherit(HostOptions listening)
    {
        // Not copied until one of them says something new.
        listening._isShared = true;
        return new(listening._known) { _said = listening._said, _isShared = true };
    }
}

using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A call that was made.</summary>
internal readonly record struct SocketCall(string Name, int Descriptor, string Arguments, EventId Id);

/// <summary>How a socket call is told: that it was made, and what it returned, with what let it return as the cause.</summary>
internal sealed class SocketCallLog(HostJournal journal, EventLoop? realTime)
{
    /// <summary>What was last written to each descriptor.</summary>
    private readonly Dictionary<int, EventId> _lastSaid = [];

    public SocketCall Begin(string name, int descriptor, string arguments, EventId because)
    {
        realTime?.LookAtTheClock();
        return new(name, descriptor, arguments, journal.Tell(new SocketCalled(name, descriptor, arguments), because));
    }

    /// <summary>What let the call return is its cause; a call that did not have to wait returned because it was made.</summary>
    public EventId End(in SocketCall call, string result, EventId cause = default)
    {
        realTime?.LookAtTheClock();
        if (cause.IsNone)
            cause = call.Name is "read" or "recvfrom" ? _lastSaid.GetValueOrDefault(call.Descriptor, call.Id) : call.Id;
        var end = journal.Tell(new SocketReturned(call.Name, call.Descriptor, call.Arguments, result), cause);
        if (realTime is not null)
            Remember(call, end);
        return end;
    }

    private void Remember(in SocketCall call, EventId end)
    {
        if (call.Name is "write" or "writev" or "send" or "sendfile" or "sendto")
            _lastSaid[call.Descriptor] = end;
        else if (call.Name is "close")
            _lastSaid.Remove(call.Descriptor);
    }

    /// <summary>Nothing written of something is what C calls EAGAIN.</summary>
    public int EndWrite(in SocketCall call, int written, int length)
    {
        End(call, written == 0 && length > 0 ? $"-1 {Errno.NameOf(SocketError.WouldBlock)}" : written.ToString());
        return written;
    }

    public void Fail(in SocketCall call, Exception error)
    {
        var name = error switch
        {
            SocketException socketError => Errno.NameOf(socketError.SocketErrorCode),
            OperationCanceledException => "EINTR",
            _ => error.GetType().Name,
        };
        End(call, $"-1 {name}", error is CausedSocketException caused ? caused.Because : default);
    }
}

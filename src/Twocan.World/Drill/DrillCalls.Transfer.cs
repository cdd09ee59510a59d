using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>The calls that read and write.</summary>
internal sealed partial class DrillCalls
{
    private async ValueTask<DrillOutcome> ReceiveAsync(DrillArguments call, int length, long flags)
    {
        var open = Find(call);
        if ((flags & ~(Constants.DontWait | Constants.WaitAll | Constants.NoSignal | Constants.Peek)) != 0)
            throw call.Unsupported($"{call.Name} with these flags");
        if (length > 0 && call.IsNull(1))
            throw new SocketException((int)SocketError.Fault);
        if ((flags & Constants.Peek) != 0)
            return new(await PeekAsync(open, length, flags));
        var into = new byte[length];
        var count = 0;
        do
        {
            var received = await _calls.ReadAsync(open.Live, into.AsMemory(count), Patience(open, flags));
            count += received.Length;
            if (received.Length == 0)
                break;
        } while ((flags & Constants.WaitAll) != 0 && count < length);
        return new(count);
    }

    private async ValueTask<int> PeekAsync(Open open, int length, long flags)
    {
        var into = new byte[length];
        while (true)
        {
            if (_calls.TryPeek(open.Live, into, out var received))
                return received.Length;
            var patience = Patience(open, flags);
            patience.ThrowIfCancellationRequested();
            await _calls.PollAsync(open.Live, PollEvents.In, patience);
        }
    }

    /// <summary>recvmsg: of control messages only the one that tells how much is left to read.</summary>
    private async ValueTask<DrillOutcome> ReceiveMessageAsync(DrillArguments call)
    {
        var outcome = await ReceiveAsync(call, call.MessageLength(1), call.Number(2));
        var open = Find(call);
        foreach (var control in call.ControlMessages(1))
        {
            if (!open.TellsQueue || call.NumberOf(control["cmsg_type"]) != Constants.TcpInq)
                throw call.Unsupported("this control message");
            call.Check(control["cmsg_data"], Unread(open), "cmsg_data");
        }
        return outcome;
    }

    /// <summary>As Linux tells it: the end counts as one, when nothing else is left.</summary>
    private long Unread(Open open) =>
        InfoOf(open.Live) is not { } info ? 0
        : info.ReceiveQueue > 0 ? info.ReceiveQueue
        : info.State is TcpState.CloseWait or TcpState.LastAck or TcpState.Closing or TcpState.TimeWait ? 1
        : 0;

    private async ValueTask<DrillOutcome> SendAsync(DrillArguments call, int length, long flags, Endpoint? to)
    {
        var open = Find(call);
        var known =
            Constants.DontWait | Constants.NoSignal | Constants.FastOpen | Constants.More | Constants.EndOfRecord;
        if ((flags & ~known) != 0)
            throw call.Unsupported($"{call.Name} with these flags");
        if (length > 0 && call.IsNull(1))
            throw new SocketException((int)SocketError.Fault);
        var data = new byte[length];
        if (open.IsStream && (flags & Constants.FastOpen) != 0)
            return new(await SendFastAsync(open, data, flags, call.Name == "sendto" ? to ?? default : RemoteDefault));
        if (!open.IsStream && to is { } target)
        {
            if (talks.Current?.Remote != target)
                talks.OnConnect(IpProtocol.Udp, _calls.LocalEndpoint(open.Live), target);
            await _calls.SendToAsync(open.Live, data, target);
            return new(length);
        }
        var mark = MarkOf(flags);
        if (open.IsNonBlocking || (flags & Constants.DontWait) != 0)
            return new(SendNow(open.Live, data, mark));
        for (var sent = 0; ; await _calls.PollAsync(open.Live, PollEvents.Out))
        {
            if (mark == SendFlags.None)
            {
                await _calls.WriteAsync(open.Live, data.AsMemory(sent));
                return new(length);
            }
            sent += _calls.TrySend(open.Live, data.AsSpan(sent), mark);
            if (sent == length)
                return new(length);
        }
    }

    private static SendFlags MarkOf(long flags) =>
        ((flags & Constants.More) != 0 ? SendFlags.More : SendFlags.None)
        | ((flags & Constants.EndOfRecord) != 0 ? SendFlags.EndOfRecord : SendFlags.None);

    /// <summary>MSG_FASTOPEN: connect and the first write in one.</summary>
    private async ValueTask<int> SendFastAsync(Open open, byte[] data, long flags, Endpoint to)
    {
        if (_calls.RemoteEndpoint(open.Live).Port == Port.Any)
            talks.OnConnect(IpProtocol.Tcp, _calls.LocalEndpoint(open.Live), to);
        return await _calls.ConnectAndSendAsync(open.Live, to, data, default, Patience(open, flags));
    }

    private int SendNow(int descriptor, byte[] data, SendFlags mark)
    {
        var count = _calls.TrySend(descriptor, data, mark);
        if (count > 0)
            return count;
        // Nothing to send may still be what sends the SYN.
        if (data.Length == 0)
            return InfoOf(descriptor)?.State == TcpState.SynSent
                ? throw new SocketException((int)SocketError.InProgress)
                : 0;
        throw new SocketException((int)SocketError.WouldBlock);
    }
}

using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What is told of the decisions that are not segments.</summary>
public sealed partial class TcpConnection
{
    private void Tell(RecoveryNews news, EventId because)
    {
        if (_journal is not { } journal)
            return;
        var lost = _loss.Sent.LostOctets;
        journal.Tell(
            new RecoveryChanged(
                Local,
                Remote,
                news,
                _loss.Duplicates,
                lost,
                _loss.Window,
                _loss.Congestion.SlowStartThreshold
            ),
            because
        );
    }

    private WaitReason? _waitReason;

    /// <summary>Something could be sent, but not now: told once for each reason, until something goes again.</summary>
    private void TellWait(int length, int available, int room, EventId because)
    {
        if (_journal is not { } journal)
            return;
        var isCut = length < Math.Min(available, room);
        var reason = (isCut, SndUna + SndWnd - SndNxt <= _loss.Room, _nagle.IsCorked) switch
        {
            (true, true, _) => WaitReason.PeerWindow,
            (true, false, _) => WaitReason.CongestionWindow,
            (_, _, true) => WaitReason.Cork,
            _ => WaitReason.Nagle,
        };
        if (_waitReason == reason)
            return;
        _waitReason = reason;
        journal.Tell(new SendingWaits(Local, Remote, reason, available, SndWnd, _loss.Window), because);
    }
}

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
}

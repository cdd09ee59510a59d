using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Whether all that a recovery resent was in vain, so that the window may be as it was: because an acknowledgement answers
/// the original by its time stamp (Eifel, RFC 3522), or because the peer says of each resent segment that it came twice (RFC 3708).
/// </summary>
public struct SpuriousRecovery
{
    private int _resent;
    private bool _hasResent;
    private uint? _firstTimestamp;

    public void Begin() => (_resent, _hasResent, _firstTimestamp) = (0, false, null);

    public void OnResent(uint? timestamp)
    {
        _resent++;
        _hasResent = true;
        _firstTimestamp ??= timestamp;
    }

    public void OnDuplicateSack() => _resent--;

    public bool IsProven(uint? echo) =>
        _hasResent && (_resent <= 0 || (echo is { } value && _firstTimestamp is { } first && (int)(value - first) < 0));
}

namespace Twocan.Stack;

/// <summary>What an acknowledgement has changed about a recovery.</summary>
public enum RecoveryNews
{
    None,
    LossFound,
    Reduced,
    Recovered,
    Undone,

    /// <summary>A segment that was longer than the others is lost, and nothing else (RFC 4821).</summary>
    ProbeLost,
}

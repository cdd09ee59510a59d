namespace Twocan.Stack;

/// <summary>How a client opens: with data behind a cookie, or only asking for one.</summary>
/// <param name="Cookie">Null for data without any.</param>
/// <param name="SegmentSize">The longest segment that the server took the last time; 0 when nobody knows.</param>
public sealed record FastOpenPlan(FastOpenCookie? Cookie, int SegmentSize)
{
    /// <summary>The SYN may carry data.</summary>
    public bool AllowsData => Cookie is not { IsRequest: true };
}

/// <summary>What a listener answers to a SYN (RFC 7413 §4.2.2).</summary>
/// <param name="TakesData">The cookie is good: what the SYN carries is handed to the program at once.</param>
/// <param name="Cookie">To be told in the SYN, ACK.</param>
public readonly record struct FastOpenAnswer(bool TakesData, FastOpenCookie? Cookie);

/// <summary>What a client has learned from the SYN, ACK.</summary>
/// <param name="Cookie">The server gives a (new) one.</param>
/// <param name="SegmentSize">The MSS that it names.</param>
/// <param name="WasSynLost">A SYN without the option got through where one with it had not.</param>
/// <param name="HasRefusedToGive">A cookie was asked for, the SYN came through, and there is none.</param>
internal readonly record struct FastOpenOutcome(
    FastOpenCookie? Cookie,
    int SegmentSize,
    bool WasSynLost,
    bool HasRefusedToGive
);

/// <summary>How far a connection has come with Fast Open.</summary>
public enum FastOpenStage
{
    /// <summary>Opened by three segments like all others.</summary>
    None,

    /// <summary>A cookie was asked for.</summary>
    Asked,

    /// <summary>Data is on its way in the SYN.</summary>
    Sent,

    /// <summary>The data of the SYN was taken.</summary>
    Taken,

    /// <summary>It was not, and went again behind the handshake.</summary>
    Refused,
}

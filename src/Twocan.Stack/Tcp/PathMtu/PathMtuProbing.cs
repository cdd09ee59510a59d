namespace Twocan.Stack;

/// <summary>Whether a connection finds out for itself how long its segments may be, with the numbers of Linux's <c>tcp_mtu_probing</c>.</summary>
public enum PathMtuProbing
{
    /// <summary>It believes its link, and what routers say.</summary>
    Off,

    /// <summary>When long segments vanish without a word, it tries shorter ones, and searches upwards again.</summary>
    OnBlackHole,

    /// <summary>It begins with segments that pass nearly everywhere, and searches upwards.</summary>
    Always,
}

/// <summary>Where the search for the path's MTU stands (RFC 8899 §5.2).</summary>
public enum PathMtuPhase
{
    /// <summary>Nothing is searched for.</summary>
    Disabled,

    /// <summary>Segments of the base size are tried, which nobody has acknowledged yet.</summary>
    Base,

    /// <summary>Longer ones are tried.</summary>
    Searching,

    /// <summary>It is known, for a while.</summary>
    Complete,
}

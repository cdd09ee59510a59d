namespace Twocan.Stack;

/// <summary>Who may use Fast Open, and how, with the numbers of Linux's <c>tcp_fastopen</c>.</summary>
[Flags]
public enum FastOpenUse
{
    None = 0,

    /// <summary>A program may send data in its SYN.</summary>
    Client = 1,

    /// <summary>A listener may take data from a SYN, if it was told so.</summary>
    Server = 2,

    /// <summary>Data goes in the SYN even without a cookie: where both ends know each other otherwise.</summary>
    ClientWithoutCookie = 4,

    /// <summary>Data is taken from any SYN: whoever forges an address is answered, too.</summary>
    ServerWithoutCookie = 0x200,

    /// <summary>Every listener takes it, without having been told.</summary>
    AllListeners = 0x400,
}

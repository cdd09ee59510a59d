namespace Twocan.Stack;

/// <summary>Why something from a cable was thrown away; each has a counter of its own.</summary>
public enum DropReason
{
    FrameTooShort,
    FrameCheckFailed,
    NotForMe,
    UnknownEtherType,
    BadArp,
    NoNeighbour,
    NeighbourQueueFull,
    BadIpHeader,
    BadIpChecksum,
    BadSource,
    BadDestination,
    NotForwarding,
    TimeToLiveExpired,
    NoRoute,
    TooBig,
    FragmentsNotSupported,
    NoProtocol,
    BadIcmp,
    BadUdp,
    NoPort,
    ReceiveQueueFull,
    BadTcp,
    NoConnection,
    AcceptQueueFull,
    UnsolicitedInbound,
    NoTranslation,
    TranslationTableFull,
}

using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>h_errno: why gethostbyname has no answer, with the numbers of netdb.h.</summary>
public enum HostError
{
    None = 0,

    /// <summary>HOST_NOT_FOUND: there is no such name, says somebody who must know.</summary>
    HostNotFound = 1,

    /// <summary>TRY_AGAIN: nobody answered, or a server failed.</summary>
    TryAgain = 2,

    /// <summary>NO_RECOVERY: asking again would not help either.</summary>
    NoRecovery = 3,

    /// <summary>NO_DATA: the name exists, but has no address of that family.</summary>
    NoData = 4,
}

/// <summary>What gethostbyname answers: struct hostent, or h_errno in its place.</summary>
/// <param name="Because">The event that told it.</param>
public readonly record struct HostEntry(
    string Name,
    HostError Error,
    IReadOnlyList<IpAddress> Addresses,
    EventId Because
)
{
    /// <summary>As C programmers know it.</summary>
    public string ErrorName =>
        Error switch
        {
            HostError.HostNotFound => "HOST_NOT_FOUND",
            HostError.TryAgain => "TRY_AGAIN",
            HostError.NoRecovery => "NO_RECOVERY",
            HostError.NoData => "NO_DATA",
            _ => "NETDB_SUCCESS",
        };
}

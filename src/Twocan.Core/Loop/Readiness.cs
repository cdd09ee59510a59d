namespace Twocan.Core;

/// <summary>What can be done with something that the operating system keeps, without waiting.</summary>
[Flags]
public enum Readiness
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>An error waits to be fetched.</summary>
    Error = 4,

    /// <summary>The peer has said its last; behind what is still to be read comes the end.</summary>
    Ended = 8,
}

/// <summary>
/// Somebody's interest in a descriptor of the operating system's; disposing it ends it. Who wants to know tries first:
/// only what would have to wait is worth a watch.
/// </summary>
public interface IWatch : IDisposable
{
    /// <summary>The next call could not go on: tell me once when it may. (Errors are told unasked.)</summary>
    void Want(Readiness what);
}

namespace Twocan.Http;

/// <summary>
/// The writing of one site, for all its servers: each may be on a loop, and so a thread, of its own. One at a time looks whether
/// it may change a document and changes it; and whoever has an answer ready from before that looks anew.
/// </summary>
public sealed class SiteWrites
{
    private readonly Lock _alone = new();
    private long _count;

    /// <summary>Changes so far.</summary>
    internal long Count => Volatile.Read(ref _count);

    /// <summary>Nobody else changes anything meanwhile. It must not wait for anything.</summary>
    internal bool TryChange(Func<bool> change)
    {
        lock (_alone)
        {
            if (!change())
                return false;
            Interlocked.Increment(ref _count);
            return true;
        }
    }
}

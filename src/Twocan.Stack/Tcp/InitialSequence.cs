using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The first sequence number of a connection (RFC 6528): a clock of 4 µs, so that a later connection between the same
/// ends begins further on, plus a keyed hash of the ends, so that a stranger cannot guess it.
/// </summary>
public sealed class InitialSequence(RandomSource random)
{
    private const long NanosecondsPerTick = 4_000;
    private readonly ulong _key0 = random.NextUInt64();
    private readonly ulong _key1 = random.NextUInt64();

    /// <summary>
    /// Where the clock of time stamps between these hosts begins: the same for all their connections, so that a later one
    /// between the same ends goes on where the earlier one was (RFC 6191, RFC 7323 §5.4).
    /// </summary>
    public uint TimestampOffset(IpAddress local, IpAddress remote)
    {
        var hash = new SipHash(_key1, _key0);
        hash.Add(local.High);
        hash.Add(local.Low);
        hash.Add(remote.High);
        hash.Add(remote.Low);
        return (uint)hash.Finish();
    }

    public SequenceNumber For(Endpoint local, Endpoint remote, Instant now)
    {
        var hash = new SipHash(_key0, _key1);
        hash.Add(local.Address.High);
        hash.Add(local.Address.Low);
        hash.Add(remote.Address.High);
        hash.Add(remote.Address.Low);
        hash.Add((ulong)local.Port.Number << 16 | remote.Port.Number);
        return new((uint)hash.Finish() + (uint)(now.Nanoseconds / NanosecondsPerTick));
    }
}

using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Spreads those who come over the sockets that share a place: by the two ends, and a key of this host.</summary>
internal sealed class PlaceHash(RandomSource keys)
{
    private readonly ulong _key0 = keys.NextUInt64();
    private readonly ulong _key1 = keys.NextUInt64();

    /// <summary>One of so many, from 0.</summary>
    public int Choose(Endpoint local, Endpoint remote, int count)
    {
        var hash = new SipHash(_key0, _key1);
        hash.Add(local.Address.High);
        hash.Add(local.Address.Low);
        hash.Add(remote.Address.High);
        hash.Add(remote.Address.Low);
        hash.Add((ulong)local.Port.Number << 16 | remote.Port.Number);
        return (int)((ulong)(uint)hash.Finish() * (ulong)count >> 32);
    }
}

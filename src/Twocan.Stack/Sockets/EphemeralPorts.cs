using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Ports for those who do not care which: a random one of the dynamic range, and from there the next that is free (RFC 6056
/// §3.3.1), so that who does not see the packets cannot guess it.
/// </summary>
public static class EphemeralPorts
{
    public const ushort First = 49152;
    public const int Count = 65536 - First;

    public static bool TryChoose<T>(RandomSource random, T state, Func<T, Port, bool> isFree, out Port port) =>
        TryChoose(random, PortRange.Dynamic, state, isFree, out port);

    public static bool TryChoose<T>(
        RandomSource random,
        PortRange range,
        T state,
        Func<T, Port, bool> isFree,
        out Port port
    )
    {
        var start = random.Next(range.Count);
        for (var i = 0; i < range.Count; i++)
        {
            port = new((ushort)(range.First + (start + i) % range.Count));
            if (isFree(state, port))
                return true;
        }
        port = default;
        return false;
    }
}

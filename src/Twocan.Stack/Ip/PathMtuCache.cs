using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What routers have said about the narrowest link on the way to a destination (RFC 1191). Bounded: when it is full the oldest
/// word is forgotten. Only lower values are taken; that a path has become wider shows when the word is forgotten after ten minutes (§6.3).
/// </summary>
public sealed class PathMtuCache
{
    public const int Capacity = 1024;
    public static readonly Duration Lifetime = Duration.FromSeconds(600);

    /// <summary>§7.1: link MTUs that there are, to guess by what length will pass a router that does not say.</summary>
    private static readonly int[] Plateaus = [32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68];

    private readonly Hearsay<IpAddress, int> _words = new(Capacity, Lifetime);

    /// <summary>Who wants to know that there is another word.</summary>
    internal Action? Changed { get; init; }

    public int Count => _words.Count;

    /// <summary>How long a packet may be, where the link alone takes <paramref name="linkMtu"/>.</summary>
    public int Limit(IpAddress destination, int linkMtu, Instant now) => Limit(destination, linkMtu, now, out _);

    /// <param name="ends">Until when that is so, unless there is another word.</param>
    internal int Limit(IpAddress destination, int linkMtu, Instant now, out Instant ends) =>
        _words.TryGet(destination, now, out var mtu, out ends) ? Math.Min(linkMtu, mtu) : linkMtu;

    public void Learn(IpAddress destination, int mtu, Instant now)
    {
        // §3: no estimate below what every link takes, whoever says so.
        mtu = Math.Max(mtu, Ipv4Header.LeastMtu);
        _words.Set(destination, Limit(destination, mtu, now), now);
        Changed?.Invoke();
    }

    /// <summary>The longest packet that may pass where one of <paramref name="length"/> bytes did not.</summary>
    internal static int Guess(int length)
    {
        foreach (var plateau in Plateaus)
        {
            if (plateau < length)
                return plateau;
        }
        return Ipv4Header.LeastMtu;
    }
}

using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// Which of a name's addresses is tried when (RFC 8305): the families in turn, each a little after the one before, so that a way
/// that leads nowhere costs a quarter of a second and not a minute.
/// <para>
/// It is told which addresses the name servers gave (of either family as they come) and which attempts have failed, asked for the
/// next address to try, and says when it is due. Connecting, and giving up those that are too late, is the <see cref="Dialer"/>'s.
/// </para>
/// </summary>
/// <param name="sort">Puts addresses into the order in which they are to be tried (RFC 6724 §6).</param>
/// <param name="answers">How many answers will come.</param>
internal sealed class HappyEyeballs(Func<IEnumerable<IpAddress>, IReadOnlyList<IpAddress>> sort, int answers)
{
    /// <summary>§5: the Connection Attempt Delay.</summary>
    public static readonly Duration AttemptDelay = Duration.FromMilliseconds(250);

    /// <summary>§3: so long an IPv4 address waits for the answer about IPv6.</summary>
    public static readonly Duration ResolutionDelay = Duration.FromMilliseconds(50);

    private readonly List<IpAddress> _waiting = [];
    private IpFamily? _last;
    private Instant _next;
    private int _answersToCome = answers;
    private int _underWay;

    /// <summary>When there is something to ask for.</summary>
    public Instant Due => _waiting.Count == 0 ? Instant.Never : _next;

    /// <summary>Nothing is under way, and nothing will be.</summary>
    public bool IsExhausted => _waiting.Count == 0 && _answersToCome == 0 && _underWay == 0;

    /// <summary>An answer has come: some addresses, or none.</summary>
    public void OnAnswer(IReadOnlyList<IpAddress> addresses, Instant now)
    {
        _answersToCome--;
        _waiting.AddRange(addresses);
        Arrange();
        if (_last is not null || _waiting.Count == 0)
            return;
        // §3: with an IPv6 address, or when the other answer is there too, nothing is waited for.
        var waits = _answersToCome > 0 && addresses.All(static address => address.IsV4);
        _next = waits ? now + ResolutionDelay : now;
    }

    /// <summary>An attempt has failed: the next need not wait any longer.</summary>
    public void OnFailed(Instant now)
    {
        _underWay--;
        _next = Instant.Min(_next, now);
    }

    public bool TryNext(Instant now, out IpAddress address)
    {
        address = default;
        if (_waiting.Count == 0 || _next > now)
            return false;
        address = _waiting[0];
        _waiting.RemoveAt(0);
        _last = address.Family;
        _next = now + AttemptDelay;
        _underWay++;
        return true;
    }

    /// <summary>§4: the families take turns, and the other than the last is first.</summary>
    private void Arrange()
    {
        var sorted = sort(_waiting);
        var queues = sorted.ToLookup(static address => address.Family);
        var first = _last switch
        {
            IpFamily.V4 => IpFamily.V6,
            IpFamily.V6 => IpFamily.V4,
            _ => sorted.Count > 0 ? sorted[0].Family : IpFamily.V6,
        };
        var (one, other) = (queues[first].ToList(), sorted.Where(address => address.Family != first).ToList());
        _waiting.Clear();
        for (var i = 0; i < Math.Max(one.Count, other.Count); i++)
        {
            _waiting.AddRange(one.Skip(i).Take(1));
            _waiting.AddRange(other.Skip(i).Take(1));
        }
    }
}

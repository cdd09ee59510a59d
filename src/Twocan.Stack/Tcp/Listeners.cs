using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Who listens where. Several may share a place if all of them say so (SO_REUSEPORT): the two ends of a connection decide
/// whose it is, by a hash that nobody outside can work out, so all that belongs to it comes to the same one as long as none of them
/// comes or goes. Who is full has no help from the others, as on Linux.
/// </summary>
internal sealed class Listeners
{
    private readonly Dictionary<Endpoint, List<TcpAcceptor>> _byPlace = [];
    private readonly PlaceHash _hash;

    public Listeners(RandomSource keys) => _hash = new(keys);

    /// <summary>By port and address, and then as they came.</summary>
    public IReadOnlyList<TcpAcceptor> All =>
        [
            .. _byPlace
                .Values.SelectMany(acceptors => acceptors)
                .OrderBy(acceptor => acceptor.Local.Port)
                .ThenBy(acceptor => acceptor.Local.Address),
        ];

    public void Add(TcpAcceptor acceptor)
    {
        if (!_byPlace.TryGetValue(acceptor.Local, out var acceptors))
            _byPlace.Add(acceptor.Local, acceptors = new(1));
        acceptors.Add(acceptor);
    }

    public void Remove(TcpAcceptor acceptor)
    {
        if (
            _byPlace.TryGetValue(acceptor.Local, out var acceptors)
            && acceptors.Remove(acceptor)
            && acceptors.Count == 0
        )
            _byPlace.Remove(acceptor.Local);
    }

    public bool IsFree(Endpoint wanted, bool v6Only, bool sharesPort)
    {
        foreach (var acceptors in _byPlace.Values)
        {
            foreach (var acceptor in acceptors)
            {
                if (
                    acceptor.Local.Port == wanted.Port
                    && !(sharesPort && acceptor.SharesPort)
                    && LocalEnd.Overlap(acceptor.Local.Address, acceptor.V6Only, wanted.Address, v6Only)
                )
                    return false;
            }
        }
        return true;
    }

    /// <summary>Whose a new connection between these ends is: who listens at this very address goes first, then who does at all of its family.</summary>
    public TcpAcceptor? Find(Endpoint local, Endpoint remote) =>
        At(local, local, remote)
        ?? (local.Address.IsV4 ? At(new(IpAddress.Any, local.Port), local, remote) : null)
        ?? At(new(IpAddress.Any6, local.Port), local, remote);

    private TcpAcceptor? At(Endpoint place, Endpoint local, Endpoint remote)
    {
        if (!_byPlace.TryGetValue(place, out var acceptors))
            return null;
        var count = 0;
        foreach (var acceptor in acceptors)
            count += acceptor.Takes(local.Address) ? 1 : 0;
        if (count == 0)
            return null;
        var chosen = count == 1 ? 0 : _hash.Choose(local, remote, count);
        foreach (var acceptor in acceptors)
        {
            if (acceptor.Takes(local.Address) && chosen-- == 0)
                return acceptor;
        }
        return null;
    }
}

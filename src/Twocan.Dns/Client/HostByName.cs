using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>The call of the socket library that has a resolver behind it, as the book tells it.</summary>
public static class HostByName
{
    extension(INetwork network)
    {
        /// <summary>
        /// gethostbyname (and gethostbyname2, with a <paramref name="family"/>): the addresses of a name, or why there are none. It
        /// throws nothing for what a name server says.
        /// </summary>
        /// <param name="resolver">Null is one made for this call alone, which remembers nothing.</param>
        public async ValueTask<HostEntry> GetHostByNameAsync(
            string name,
            IpFamily family = IpFamily.V4,
            INameResolver? resolver = null,
            EventId because = default,
            CancellationToken stop = default
        )
        {
            var call = family == IpFamily.V4 ? "gethostbyname" : "gethostbyname2";
            var arguments = family == IpFamily.V4 ? $"\"{name}\"" : $"\"{name}\", AF_INET6";
            var called = network.Journal?.Tell(new SocketCalled(call, -1, arguments), because) ?? because;
            var entry = await AskAsync(resolver ?? new StubResolver(network, family), name, family, called, stop);
            var result =
                entry.Error == HostError.None
                    ? string.Join(' ', entry.Addresses)
                    : $"NULL, h_errno = {entry.ErrorName}";
            var returned = network.Journal?.Tell(new SocketReturned(call, -1, arguments, result), entry.Because);
            return entry with { Because = returned ?? entry.Because };
        }
    }

    private static async ValueTask<HostEntry> AskAsync(
        INameResolver resolver,
        string name,
        IpFamily family,
        EventId because,
        CancellationToken stop
    )
    {
        try
        {
            var answer = await resolver.ResolveAsync(name, because, stop);
            var addresses = answer.Addresses.Where(address => address.Family == family).ToList();
            return new(name, addresses.Count > 0 ? HostError.None : HostError.NoData, addresses, answer.Because);
        }
        catch (NameResolutionException none)
        {
            var error = none.SocketErrorCode switch
            {
                SocketError.HostNotFound => HostError.HostNotFound,
                SocketError.NoData => HostError.NoData,
                SocketError.TryAgain => HostError.TryAgain,
                _ => HostError.NoRecovery,
            };
            return new(name, error, [], none.Because);
        }
    }
}

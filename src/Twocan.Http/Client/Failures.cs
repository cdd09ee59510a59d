using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>Writes a failed fetch down and makes the exception that says so.</summary>
internal static class Failures
{
    public static FetchFailedException Tell(
        INetwork network,
        Url url,
        FetchStep step,
        SocketException failure,
        int descriptor,
        EventId because
    )
    {
        var why =
            failure is NameResolutionException
                ? failure.Message
                : failure.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => "the connection was refused: no program listens on that port",
                    SocketError.ConnectionReset => "the connection was reset by the other side",
                    SocketError.TimedOut => "nobody answered in time",
                    SocketError.HostUnreachable => "there is no way to that host",
                    SocketError.NetworkUnreachable => "there is no way to that network",
                    SocketError.NoData => "the name has no address",
                    var other => other.ToString(),
                };
        return Tell(network, url, step, failure.SocketErrorCode, why, descriptor, because, failure);
    }

    public static FetchFailedException Tell(
        INetwork network,
        Url url,
        FetchStep step,
        SocketError? error,
        string why,
        int descriptor,
        EventId because,
        Exception? cause = null
    )
    {
        var told = network.Journal?.Tell(new RequestFailed(descriptor, url.Href, step, why), because) ?? because;
        return new(url, step, error, why, told, cause);
    }
}

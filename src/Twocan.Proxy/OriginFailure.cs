using System.Net.Sockets;
using System.Runtime.InteropServices;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>Why an origin could not be asked: the status that says so (RFC 9110 §15.6.3, §15.6.5), the error's name (RFC 9209 §2.3), a sentence.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OriginFailure(int Status, string Error, string Why, EventId Because)
{
    public static OriginFailure Of(FetchFailedException failure)
    {
        var error = (failure.Step, failure.Error) switch
        {
            (FetchStep.Resolve, SocketError.TryAgain) => "dns_timeout",
            (FetchStep.Resolve, _) => "dns_error",
            (FetchStep.Connect, SocketError.ConnectionRefused) => "connection_refused",
            (FetchStep.Connect, SocketError.TimedOut) => "connection_timeout",
            (FetchStep.Connect, _) => "destination_ip_unroutable",
            (_, null) => "http_protocol_error",
            (_, SocketError.TimedOut) => "connection_read_timeout",
            _ => "connection_terminated",
        };
        return new(failure.GatewayStatus, error, failure.Why, failure.Because);
    }

    public static OriginFailure OfTimeOut(Duration limit, EventId because) =>
        new(504, "http_response_timeout", $"the server did not begin to answer within {limit}", because);
}

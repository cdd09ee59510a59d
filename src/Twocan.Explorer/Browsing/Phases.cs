using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>What was waited for, one after the other; together they are the whole time. Null is 'there was no such step'.</summary>
/// <param name="Queue">For a free connection.</param>
/// <param name="Name">For the resolver.</param>
/// <param name="Connect">For TCP's handshake.</param>
/// <param name="Tls">For TLS's.</param>
/// <param name="Send">For the request to be taken.</param>
/// <param name="FirstByte">For the server to begin its answer.</param>
/// <param name="Body">For the rest.</param>
public readonly record struct Phases(
    Duration Queue,
    Duration? Name,
    Duration? Connect,
    Duration? Tls,
    Duration Send,
    Duration FirstByte,
    Duration Body
)
{
    public Duration Total =>
        Queue + (Name ?? Duration.Zero) + (Connect ?? Duration.Zero) + (Tls ?? Duration.Zero) + Send + FirstByte + Body;

    internal static Phases Of(LoadedResource resource)
    {
        var (began, ended) = (resource.Began, resource.Ended);
        if (resource.Timing is not { } timing)
            return Whole(resource.FailedAt, ended - began);
        // Where it broke off the later steps have no time of their own: what is left belongs to the step it was in.
        var at = began;
        var queue = Step(timing.Free ?? timing.Resolved ?? timing.Sent, ref at, ended);
        var name = StepIf(timing.Resolved, ref at, ended);
        var connect = StepIf(timing.Connected, ref at, ended);
        var tls = StepIf(timing.Secured, ref at, ended);
        // A kept connection has no steps before it: all that was waited for was the connection.
        var send = Step(timing.Sent, ref at, ended);
        var firstByte = Step(timing.HeadArrived, ref at, ended);
        return new(queue, name, connect, tls, send, firstByte, ended - at);
    }

    /// <summary>What failed tells no more than where; what was in the cache took no time.</summary>
    private static Phases Whole(FetchStep step, Duration time)
    {
        var none = new Phases(Duration.Zero, null, null, null, Duration.Zero, Duration.Zero, Duration.Zero);
        return step switch
        {
            FetchStep.Resolve => none with { Name = time },
            FetchStep.Connect or FetchStep.Tunnel => none with { Connect = time },
            FetchStep.Secure => none with { Tls = time },
            _ => none with { FirstByte = time },
        };
    }

    private static Duration? StepIf(Instant? to, ref Instant at, Instant end) =>
        to is { } reached ? Step(reached, ref at, end) : null;

    private static Duration Step(Instant to, ref Instant at, Instant end)
    {
        var from = at;
        at = Instant.Min(Instant.Max(at, to), end);
        return at - from;
    }
}

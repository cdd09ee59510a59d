using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What arrives from outside for a port of the router goes to a host inside: <c>tcp 8080 -> 10.11.12.14:80</c>.</summary>
public readonly record struct PortForward(IpProtocol Protocol, Port Outside, Endpoint Inside)
{
    public static bool TryParse([NotNullWhen(true)] string? text, out PortForward forward)
    {
        forward = default;
        var words = text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (
            words is not [var protocolName, var port, "->" or "→", var to]
            || ProtocolOf(protocolName) is not { } protocol
        )
            return false;
        if (
            !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var outside)
            || !Endpoint.TryParse(to, out var inside)
            || outside == 0
            || inside.Port == Port.Any
            || !inside.Address.IsV4
        )
            return false;
        forward = new(protocol, new(outside), inside);
        return true;
    }

    private static IpProtocol? ProtocolOf(string name) =>
        name switch
        {
            "tcp" => IpProtocol.Tcp,
            "udp" => IpProtocol.Udp,
            _ => null,
        };

    public override string ToString() => $"{(Protocol == IpProtocol.Tcp ? "tcp" : "udp")} {Outside} -> {Inside}";
}

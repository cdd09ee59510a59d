using System.Numerics;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a server has lent to a client, and for how long.</summary>
public sealed record DhcpLease
{
    /// <summary>What is shorter is not worth having: its holder would do nothing but ask.</summary>
    public static readonly Duration Shortest = Duration.FromSeconds(10);

    private const uint ForEver = uint.MaxValue;

    public required InterfaceAddress Address { get; init; }

    public required IpAddress Server { get; init; }

    public IReadOnlyList<IpAddress> Routers { get; init; } = [];

    public IReadOnlyList<IpAddress> NameServers { get; init; } = [];

    public string? Domain { get; init; }

    public int? Mtu { get; init; }

    public required Instant Began { get; init; }

    /// <summary>T1: from now on the server is asked to prolong it.</summary>
    public required Instant RenewAt { get; init; }

    /// <summary>T2: from now on any server is.</summary>
    public required Instant RebindAt { get; init; }

    public required Instant Ends { get; init; }

    /// <summary>Reads an OFFER or an ACK to a question that was sent at <paramref name="asked"/>. False for what nobody could live with.</summary>
    public static bool TryRead(DhcpMessage message, Instant asked, out DhcpLease lease)
    {
        lease = null!;
        var options = message.Options;
        if (options.Address(DhcpOption.ServerIdentifier) is not { } server || !IsUnicast(server))
            return false;
        if (options.Number32(DhcpOption.LeaseTime) is not { } seconds || Span(seconds) < Shortest)
            return false;
        var address = new InterfaceAddress(message.YourAddress, PrefixLength(message));
        var subnet = address.Subnet;
        if (!IsUnicast(address.Address) || subnet.IsBroadcast(address.Address))
            return false;
        if (subnet.HasBroadcast && subnet.Network == address.Address)
            return false;
        var (renew, rebind) = Times(options, seconds);
        lease = new()
        {
            Address = address,
            Server = server,
            // A router that does not stand here is none for us.
            Routers = [.. options.Addresses(DhcpOption.Router).Where(router => subnet.Contains(router))],
            NameServers = [.. options.Addresses(DhcpOption.NameServer).Where(IsUnicast).Take(8)],
            Domain = options.Text(DhcpOption.DomainName),
            Mtu = options.Number16(DhcpOption.InterfaceMtu) is >= Ipv4Header.LeastMtu and var mtu ? mtu : null,
            Began = asked,
            RenewAt = seconds == ForEver ? Instant.Never : asked + renew,
            RebindAt = seconds == ForEver ? Instant.Never : asked + rebind,
            Ends = seconds == ForEver ? Instant.Never : asked + Span(seconds),
        };
        return true;
    }

    /// <summary>RFC 2131 §4.4.5: at a half and seven eighths of the time, unless the server says otherwise and it makes sense.</summary>
    private static (Duration Renew, Duration Rebind) Times(DhcpOptions options, uint seconds)
    {
        var renew = options.Number32(DhcpOption.RenewalTime) ?? seconds / 2;
        var rebind = options.Number32(DhcpOption.RebindingTime) ?? (uint)(seconds * 7L / 8);
        return renew > 0 && renew < rebind && rebind < seconds
            ? (Span(renew), Span(rebind))
            : (Span(seconds) / 2, Span(seconds) * 7 / 8);
    }

    /// <summary>The mask, or the one that the address had in the days of classes.</summary>
    private static int PrefixLength(DhcpMessage message)
    {
        if (message.Options.Number32(DhcpOption.SubnetMask) is { } mask)
        {
            var ones = BitOperations.LeadingZeroCount(~mask);
            if (ones > 0 && mask == (uint)(0xFFFF_FFFF_0000_0000UL >> ones))
                return ones;
        }
        return (message.YourAddress.AsV4 >> 30) switch
        {
            < 2 => 8,
            2 => 16,
            _ => 24,
        };
    }

    private static Duration Span(uint seconds) => new(seconds * 1_000_000_000L);

    private static bool IsUnicast(IpAddress address) => address.AsV4 >> 24 is > 0 and < 224 and not 127;
}

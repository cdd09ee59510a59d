using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>The server machine alone: RFC 2131 §4.3.</summary>
public sealed class DhcpServerTests
{
    private static readonly IpAddress Self = IpAddress.Parse("10.0.0.1");
    private static readonly IpAddress First = IpAddress.Parse("10.0.0.100");

    private readonly DhcpServer _server = new(
        new(InterfaceAddress.Parse("10.0.0.1/24"), First, IpAddress.Parse("10.0.0.102"))
        {
            Routers = [Self],
            NameServers = [IpAddress.Parse("203.0.113.53")],
            Domain = "home",
            Mtu = 1400,
        }
    );

    private Instant _now = Instant.Zero;

    private static DhcpMessage Ask(
        DhcpMessageType type,
        int client = 1,
        string? wanted = null,
        IpAddress? server = null,
        string ciaddr = "0.0.0.0"
    )
    {
        var message = new DhcpMessage
        {
            Type = type,
            Transaction = 77,
            Client = new(0x020000000000UL + (ulong)client),
            ClientAddress = IpAddress.Parse(ciaddr),
            Broadcast = true,
        };
        if (wanted is not null)
            message.Options.Add(DhcpOption.RequestedAddress, IpAddress.Parse(wanted));
        if (server is { } there)
            message.Options.Add(DhcpOption.ServerIdentifier, there);
        return message;
    }

    /// <summary>What the server says, where no address on the link is taken but these.</summary>
    private DhcpTransmission? Hear(DhcpMessage message, params string[] taken)
    {
        _server.OnMessage(message, _now);
        while (_server.TryProbe(out var address))
            _server.OnProbed(address, taken.Contains(address.ToString()), _now);
        DhcpTransmission? last = null;
        while (_server.TryReply(out var reply))
        {
            Assert.Null(last);
            last = reply;
        }
        return last;
    }

    private IpAddress Bind(int client)
    {
        var offer = Hear(Ask(DhcpMessageType.Discover, client))!.Value.Message;
        Assert.Equal(DhcpMessageType.Offer, offer.Type);
        var ack = Hear(Ask(DhcpMessageType.Request, client, offer.YourAddress.ToString(), Self))!.Value.Message;
        Assert.Equal((DhcpMessageType.Ack, offer.YourAddress), (ack.Type, ack.YourAddress));
        return ack.YourAddress;
    }

    [Fact]
    public void Who_asks_is_offered_an_address_and_all_that_belongs_to_it()
    {
        var offer = Hear(Ask(DhcpMessageType.Discover))!.Value;
        Assert.Equal(new Endpoint(IpAddress.Broadcast, 68), offer.To);
        var options = offer.Message.Options;
        Assert.Equal(First, offer.Message.YourAddress);
        Assert.Equal(Self, options.Address(DhcpOption.ServerIdentifier));
        Assert.Equal(IpAddress.Parse("255.255.255.0"), options.Address(DhcpOption.SubnetMask));
        Assert.Equal([Self], options.Addresses(DhcpOption.Router));
        Assert.Equal("home", options.Text(DhcpOption.DomainName));
        Assert.Equal((ushort)1400, options.Number16(DhcpOption.InterfaceMtu));
        Assert.Equal(
            (3600u, 1800u, 3150u),
            (
                options.Number32(DhcpOption.LeaseTime),
                options.Number32(DhcpOption.RenewalTime),
                options.Number32(DhcpOption.RebindingTime)
            )
        );
    }

    [Fact]
    public void Each_client_gets_an_address_of_its_own_until_there_is_none_left()
    {
        Assert.Equal(
            ["10.0.0.100", "10.0.0.101", "10.0.0.102"],
            new[] { Bind(1), Bind(2), Bind(3) }.Select(address => address.ToString())
        );
        Assert.Null(Hear(Ask(DhcpMessageType.Discover, 4)));
        Assert.Equal(1, _server.Exhausted);
        Assert.Equal(First, Hear(Ask(DhcpMessageType.Discover, 1))!.Value.Message.YourAddress);
    }

    [Fact]
    public void An_address_that_answers_a_ping_is_not_offered()
    {
        var offer = Hear(Ask(DhcpMessageType.Discover), "10.0.0.100", "10.0.0.101")!.Value;
        Assert.Equal(IpAddress.Parse("10.0.0.102"), offer.Message.YourAddress);
        Assert.Equal(DhcpBindingState.Taken, _server.Leases.Bindings[0].State);
        Assert.Null(Hear(Ask(DhcpMessageType.Discover, 2)));
    }

    [Fact]
    public void An_address_that_was_declined_rests_for_ten_minutes()
    {
        Bind(1);
        Assert.Null(Hear(Ask(DhcpMessageType.Decline, 1, "10.0.0.100", Self)));
        Assert.Equal(IpAddress.Parse("10.0.0.101"), Bind(1));
        Bind(2);
        Assert.Null(Hear(Ask(DhcpMessageType.Discover, 3)));
        _now += DhcpServer.TakenTime;
        Assert.Equal(First, Bind(3));
    }

    [Fact]
    public void Who_comes_back_gets_what_he_had_and_who_is_new_what_is_unused_for_longest()
    {
        Bind(1);
        _now += Duration.FromSeconds(10);
        Bind(2);
        _now += Duration.FromSeconds(10);
        Bind(3);
        _now += Duration.FromSeconds(3600);
        Assert.Equal(IpAddress.Parse("10.0.0.102"), Bind(3));
        Assert.Equal(First, Bind(4));
        Assert.Equal(IpAddress.Parse("10.0.0.101"), Bind(1));
    }

    [Fact]
    public void An_offer_that_nobody_takes_is_free_after_a_minute()
    {
        for (var client = 1; client <= 3; client++)
            Hear(Ask(DhcpMessageType.Discover, client));
        Assert.Null(Hear(Ask(DhcpMessageType.Discover, 4)));
        _now += DhcpServer.OfferTime;
        Assert.NotNull(Hear(Ask(DhcpMessageType.Discover, 4)));
    }

    [Fact]
    public void A_wish_is_granted_when_it_can_be()
    {
        Assert.Equal(
            "10.0.0.102",
            Hear(Ask(DhcpMessageType.Discover, 1, "10.0.0.102"))!.Value.Message.YourAddress.ToString()
        );
        Assert.Equal(
            "10.0.0.100",
            Hear(Ask(DhcpMessageType.Discover, 2, "10.0.0.102"))!.Value.Message.YourAddress.ToString()
        );
        Assert.Equal(
            "10.0.0.101",
            Hear(Ask(DhcpMessageType.Discover, 3, "10.0.0.77"))!.Value.Message.YourAddress.ToString()
        );
    }

    [Fact]
    public void Who_has_chosen_another_server_is_heard_and_his_offer_is_free_again()
    {
        Hear(Ask(DhcpMessageType.Discover));
        Assert.Null(Hear(Ask(DhcpMessageType.Request, 1, "10.0.0.50", IpAddress.Parse("10.0.0.2"))));
        Assert.False(_server.Leases.IsHeld(First, _now));
    }

    [Theory]
    [InlineData("192.168.1.5", true, "after a restart in another subnet")]
    [InlineData("10.0.0.101", false, "after a restart, of one who is not known")]
    [InlineData("10.0.0.100", true, "after a restart, what somebody else has")]
    public void A_request_for_an_address_from_before_is_refused_or_left_to_others(
        string wanted,
        bool refused,
        string what
    )
    {
        Bind(1);
        var reply = Hear(Ask(DhcpMessageType.Request, 9, wanted));
        Assert.True(refused ? reply?.Message.Type == DhcpMessageType.Nak : reply is null, what);
        Assert.True(reply is null || reply.Value.To.Address.IsLimitedBroadcast, what);
    }

    [Fact]
    public void A_lease_is_prolonged_to_the_address_that_has_it()
    {
        Bind(1);
        _now += Duration.FromSeconds(1800);
        var reply = Hear(Ask(DhcpMessageType.Request, 1, ciaddr: "10.0.0.100"))!.Value;
        Assert.Equal((DhcpMessageType.Ack, First), (reply.Message.Type, reply.To.Address));
        Assert.Equal(_now + Duration.FromSeconds(3600), _server.Leases.Bindings[0].Ends);
        Assert.Equal(
            DhcpMessageType.Nak,
            Hear(Ask(DhcpMessageType.Request, 2, ciaddr: "10.0.0.100"))!.Value.Message.Type
        );
    }

    [Fact]
    public void What_is_given_back_is_free_but_nobody_gives_back_for_others()
    {
        Bind(1);
        Hear(Ask(DhcpMessageType.Release, 2, server: Self, ciaddr: "10.0.0.100"));
        Hear(Ask(DhcpMessageType.Release, 1, server: IpAddress.Parse("10.0.0.2"), ciaddr: "10.0.0.100"));
        Assert.True(_server.Leases.IsHeld(First, _now));
        Hear(Ask(DhcpMessageType.Release, 1, server: Self, ciaddr: "10.0.0.100"));
        Assert.False(_server.Leases.IsHeld(First, _now));
    }

    [Fact]
    public void Who_only_informs_himself_gets_no_address_and_no_time()
    {
        var reply = Hear(Ask(DhcpMessageType.Inform, ciaddr: "10.0.0.13"))!.Value;
        Assert.Equal((DhcpMessageType.Ack, "10.0.0.13"), (reply.Message.Type, reply.To.Address.ToString()));
        Assert.True(reply.Message.YourAddress.IsAny);
        Assert.False(reply.Message.Options.Has(DhcpOption.LeaseTime));
        Assert.True(reply.Message.Options.Has(DhcpOption.NameServer));
        Assert.Null(Hear(Ask(DhcpMessageType.Inform, ciaddr: "203.0.113.9")));
    }

    [Fact]
    public void Random_clients_never_throw_never_share_an_address_and_never_outgrow_the_range()
    {
        var random = new RandomSource(11);
        for (var i = 0; i < 20_000; i++)
        {
            _now += Duration.FromSeconds(random.Next(30));
            var message = Ask(
                (DhcpMessageType)random.Next(1, 9),
                random.Next(8),
                random.Chance(0.5) ? $"10.0.0.{random.Next(98, 105)}" : null,
                random.Chance(0.5) ? Self : null,
                random.Chance(0.3) ? $"10.0.0.{random.Next(98, 105)}" : "0.0.0.0"
            );
            _server.OnMessage(message, _now);
            while (random.Chance(0.9) && _server.TryProbe(out var address))
                _server.OnProbed(address, random.Chance(0.2), _now);
            while (_server.TryReply(out var reply))
            {
                if (reply.Message.Type != DhcpMessageType.Ack || reply.Message.YourAddress.IsAny)
                    continue;
                var binding = _server.Leases.Of(message.ClientKey)!;
                Assert.Equal(reply.Message.YourAddress, binding.Address);
                Assert.True(binding.IsHeld(_now));
            }
            Assert.True(_server.Leases.Bindings.Count <= 3);
            var clients = _server
                .Leases.Bindings.Select(binding => binding.ClientKey)
                .Where(key => key.Length > 0)
                .ToList();
            Assert.Equal(clients.Count, clients.Distinct().Count());
        }
    }
}

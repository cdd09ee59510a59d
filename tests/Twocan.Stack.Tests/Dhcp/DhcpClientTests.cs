using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>The client machine alone: what it says to what it hears, and when.</summary>
public sealed class DhcpClientTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:05");
    private static readonly IpAddress Mine = IpAddress.Parse("10.0.0.100");
    private static readonly IpAddress Server = IpAddress.Parse("10.0.0.1");

    private readonly DhcpClient _client = new(Mac, new RandomSource(1), "pc");
    private Instant _now = Instant.Zero;

    private DhcpMessage Sent()
    {
        Assert.True(_client.TryTransmit(_now, out var transmission));
        return transmission.Message;
    }

    private DhcpMessage SentWhenDue()
    {
        _now = _client.Due;
        return Sent();
    }

    private bool Hear(
        DhcpMessageType type,
        DhcpMessage question,
        IpAddress? server = null,
        IpAddress? yours = null,
        uint seconds = 3600
    )
    {
        var message = new DhcpMessage
        {
            Type = type,
            Transaction = question.Transaction,
            Client = question.Client,
            YourAddress = yours ?? Mine,
        };
        message.Options.Add(DhcpOption.ServerIdentifier, server ?? Server);
        message.Options.Add(DhcpOption.LeaseTime, seconds);
        message.Options.Add(DhcpOption.SubnetMask, IpAddress.Parse("255.255.255.0"));
        message.Options.Add(DhcpOption.Router, [IpAddress.Parse("192.0.2.1"), Server]);
        return _client.OnMessage(message, _now);
    }

    private void Bind(uint seconds = 3600)
    {
        _client.Start(_now);
        Assert.True(Hear(DhcpMessageType.Offer, Sent()));
        Assert.True(Hear(DhcpMessageType.Ack, Sent(), seconds: seconds));
        Assert.Equal(Mine, _client.ToCheck);
        _client.OnChecked(isTaken: false, _now);
        Assert.Equal(DhcpClientState.Bound, _client.State);
    }

    [Fact]
    public void Four_messages_bring_an_address()
    {
        _client.Start(_now);
        var discover = Sent();
        Assert.Equal((DhcpMessageType.Discover, true), (discover.Type, discover.Broadcast));
        Assert.Equal("pc", discover.Options.Text(DhcpOption.HostName));
        Assert.True(Hear(DhcpMessageType.Offer, discover));
        var request = Sent();
        Assert.Equal((DhcpMessageType.Request, discover.Transaction), (request.Type, request.Transaction));
        Assert.Equal(Mine, request.Options.Address(DhcpOption.RequestedAddress));
        Assert.Equal(Server, request.Options.Address(DhcpOption.ServerIdentifier));
        Assert.True(request.ClientAddress.IsAny);
        Assert.True(Hear(DhcpMessageType.Ack, request));
        Assert.Null(_client.Lease);
        _client.OnChecked(isTaken: false, _now);
        Assert.Equal(InterfaceAddress.Parse("10.0.0.100/24"), _client.Lease!.Address);
        Assert.Equal([Server], _client.Lease.Routers);
    }

    [Fact]
    public void Nobody_answers_and_it_asks_again_after_4_8_16_32_and_then_64_seconds_more_or_less()
    {
        _client.Start(_now);
        Sent();
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var before = _now;
            Assert.Equal(DhcpMessageType.Discover, SentWhenDue().Type);
            waits.Add((_now - before).TotalSeconds);
        }
        double[] expected = [4, 8, 16, 32, 64, 64, 64];
        for (var i = 0; i < 7; i++)
            Assert.InRange(waits[i], expected[i] - 1, expected[i] + 1);
        Assert.Equal(7, waits.Distinct().Count());
    }

    [Fact]
    public void An_offer_that_nobody_confirms_is_given_up_after_four_requests()
    {
        _client.Start(_now);
        Hear(DhcpMessageType.Offer, Sent());
        for (var i = 0; i < 4; i++)
            Assert.Equal(DhcpMessageType.Request, SentWhenDue().Type);
        Assert.Equal(DhcpMessageType.Discover, SentWhenDue().Type);
    }

    [Fact]
    public void An_address_that_somebody_has_is_declined_and_ten_seconds_later_another_is_asked_for()
    {
        _client.Start(_now);
        Hear(DhcpMessageType.Offer, Sent());
        Hear(DhcpMessageType.Ack, Sent());
        _client.OnChecked(isTaken: true, _now);
        var decline = Sent();
        Assert.Equal(DhcpMessageType.Decline, decline.Type);
        Assert.Equal(Mine, decline.Options.Address(DhcpOption.RequestedAddress));
        Assert.Equal(Server, decline.Options.Address(DhcpOption.ServerIdentifier));
        Assert.Equal(_now + Duration.FromSeconds(10), _client.Due);
        Assert.Equal(DhcpMessageType.Discover, SentWhenDue().Type);
    }

    [Fact]
    public void Half_of_the_time_later_it_asks_its_own_server_to_keep_the_address()
    {
        Bind();
        Assert.Equal(1800, _client.Due.Nanoseconds / 1_000_000_000);
        _now = _client.Due;
        Assert.True(_client.TryTransmit(_now, out var renewal));
        Assert.Equal((DhcpMessageType.Request, Mine), (renewal.Message.Type, renewal.Message.ClientAddress));
        Assert.Equal(Server, renewal.To.Address);
        Assert.False(renewal.Message.Options.Has(DhcpOption.ServerIdentifier));
        Assert.False(renewal.Message.Options.Has(DhcpOption.RequestedAddress));
        Assert.True(Hear(DhcpMessageType.Ack, renewal.Message));
        Assert.Equal(DhcpClientState.Bound, _client.State);
        Assert.Equal(3600, _client.Due.Nanoseconds / 1_000_000_000);
    }

    [Fact]
    public void A_server_that_is_gone_is_asked_less_than_once_a_minute_then_anybody_and_at_the_end_the_address_is_given_up()
    {
        Bind();
        var kinds = new List<(DhcpClientState State, bool ToAll)>();
        var last = _now;
        while (_client.Lease is not null)
        {
            _now = _client.Due;
            if (!_client.TryTransmit(_now, out var sent))
                continue;
            Assert.True(
                kinds.Count == 0 || kinds[^1].State != _client.State || _now - last >= Duration.FromSeconds(60)
            );
            last = _now;
            kinds.Add((_client.State, sent.To.Address.IsLimitedBroadcast));
        }
        Assert.Equal(3600, _now.Nanoseconds / 1_000_000_000);
        Assert.Equal(
            [(DhcpClientState.Renewing, false), (DhcpClientState.Rebinding, true), (DhcpClientState.Selecting, true)],
            kinds.Distinct()
        );
        Assert.InRange(kinds.Count, 5, 15);
    }

    [Fact]
    public void A_refusal_while_it_renews_ends_the_lease_at_once()
    {
        Bind();
        Assert.True(Hear(DhcpMessageType.Nak, SentWhenDue()));
        Assert.Null(_client.Lease);
        Assert.Equal(DhcpMessageType.Discover, Sent().Type);
    }

    [Fact]
    public void After_a_restart_it_asks_for_what_it_had()
    {
        Bind();
        var again = new DhcpClient(Mac, new RandomSource(2));
        again.Start(_now, _client.Lease);
        Assert.True(again.TryTransmit(_now, out var sent));
        Assert.Equal(DhcpClientState.Rebooting, again.State);
        Assert.Equal(Mine, sent.Message.Options.Address(DhcpOption.RequestedAddress));
        Assert.False(sent.Message.Options.Has(DhcpOption.ServerIdentifier));
        Assert.True(sent.Message.ClientAddress.IsAny);
    }

    [Fact]
    public void It_gives_back_what_it_does_not_need()
    {
        Bind();
        _client.Release(_now);
        Assert.Null(_client.Lease);
        var release = Sent();
        Assert.Equal((DhcpMessageType.Release, Mine), (release.Type, release.ClientAddress));
        Assert.Equal(Instant.Never, _client.Due);
    }

    [Fact]
    public void Who_has_an_address_asks_only_for_the_rest()
    {
        _client.Inform(Mine, _now);
        var inform = Sent();
        Assert.Equal((DhcpMessageType.Inform, Mine), (inform.Type, inform.ClientAddress));
        Assert.True(Hear(DhcpMessageType.Ack, inform, yours: IpAddress.Any));
        Assert.Equal(2, _client.Informed!.Addresses(DhcpOption.Router).Count);
        Assert.Equal(Instant.Never, _client.Due);
    }

    [Fact]
    public void A_lease_for_ever_is_never_due()
    {
        Bind(uint.MaxValue);
        Assert.Equal(Instant.Never, _client.Due);
    }

    [Fact]
    public void What_it_did_not_ask_for_or_cannot_live_with_it_does_not_take()
    {
        _client.Start(_now);
        var discover = Sent();
        Assert.False(Hear(DhcpMessageType.Ack, discover));
        Assert.False(Hear(DhcpMessageType.Nak, discover));
        foreach (
            var yours in new[] { "0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.0.255", "10.0.0.0" }
        )
            Assert.False(Hear(DhcpMessageType.Offer, discover, yours: IpAddress.Parse(yours)), yours);
        Assert.False(Hear(DhcpMessageType.Offer, discover, seconds: 5));
        Assert.False(Hear(DhcpMessageType.Offer, discover, server: IpAddress.Any));
        var other = new DhcpMessage
        {
            Type = discover.Type,
            Transaction = discover.Transaction + 1,
            Client = Mac,
        };
        Assert.False(Hear(DhcpMessageType.Offer, other));
        Assert.True(Hear(DhcpMessageType.Offer, discover));
        var request = Sent();
        Assert.False(Hear(DhcpMessageType.Ack, request, yours: IpAddress.Parse("10.0.0.101")));
        Assert.False(Hear(DhcpMessageType.Ack, request, server: IpAddress.Parse("10.0.0.2")));
        Assert.False(Hear(DhcpMessageType.Nak, request, server: IpAddress.Parse("10.0.0.2")));
        Assert.True(Hear(DhcpMessageType.Nak, request));
        Assert.Equal(_now + Duration.FromSeconds(10), _client.Due);
    }

    [Fact]
    public void A_server_that_wants_to_be_asked_all_the_time_is_asked_as_the_RFC_has_it()
    {
        Bind(seconds: 10);
        Assert.Equal(5, _client.Due.Nanoseconds / 1_000_000_000);
        var count = 0;
        while (_client.Lease is not null && count < 100)
        {
            _now = _client.Due;
            count += _client.TryTransmit(_now, out _) ? 1 : 0;
        }
        Assert.InRange(count, 1, 4);
    }
}

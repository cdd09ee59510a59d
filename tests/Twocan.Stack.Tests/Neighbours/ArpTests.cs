using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>ARP on a host's adapter: whom it answers, whom it believes (RFC 826, RFC 5227). Messages are put straight into <c>pc</c>.</summary>
public sealed class ArpTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:99");
    private readonly Net _net = new();

    private NeighbourTable Table => _net.Pc.Adapters[0].Arp.Neighbours;

    private void Inject(ArpOperation operation, IpAddress sender, IpAddress target, MacAddress? senderMac = null)
    {
        _net.Loop.Run(() =>
        {
            var frame = _net.Loop.Packets.Rent();
            new ArpMessage(operation, senderMac ?? Mac, sender, MacAddress.Zero, target).Write(frame.Append(28));
            _net.Pc.Adapters[0].Arp.Receive(frame);
            return Task.CompletedTask;
        });
        _net.AssertRest();
    }

    [Fact]
    public void Who_asks_for_me_is_answered_alone_and_remembered()
    {
        Inject(ArpOperation.Request, Net.WwwAddress, Net.PcAddress);
        var answer = Assert.Single(_net.Lan.Frames);
        Reference.AssertSound(answer);
        Assert.Equal(Mac, MacAddress.Read(answer));
        Assert.True(ArpMessage.TryRead(answer.AsSpan(14), out var message));
        Assert.Equal(
            (ArpOperation.Reply, Net.PcAddress, Net.WwwAddress),
            (message.Operation, message.Sender, message.Target)
        );
        Assert.Equal(_net.Pc.Adapters[0].Mac, message.SenderMac);
        Assert.Equal(Mac, Table.Find(Net.WwwAddress)?.Mac);
    }

    [Fact]
    public void Who_asks_for_others_is_neither_answered_nor_remembered()
    {
        Inject(ArpOperation.Request, Net.WwwAddress, Net.Nobody);
        Assert.Empty(_net.Lan.Frames);
        Assert.Equal(0, Table.Count);
    }

    [Fact]
    public void Who_has_no_address_yet_is_answered_but_not_remembered()
    {
        Inject(ArpOperation.Request, IpAddress.Any, Net.PcAddress);
        Assert.Single(_net.Lan.Frames);
        Assert.Equal(0, Table.Count);
    }

    [Theory]
    [InlineData("10.0.0.255", "02:00:00:00:00:99", "everybody's address")]
    [InlineData("255.255.255.255", "02:00:00:00:00:99", "everybody's address")]
    [InlineData("224.0.0.1", "02:00:00:00:00:99", "a group's address")]
    [InlineData("10.0.0.2", "ff:ff:ff:ff:ff:ff", "everybody's adapter")]
    [InlineData("10.0.0.2", "01:00:5e:00:00:01", "a group's adapter")]
    [InlineData("10.0.0.2", "00:00:00:00:00:00", "no adapter")]
    [InlineData("10.0.0.2", "02:00:0a:00:00:01", "my own adapter")]
    public void Who_claims_what_cannot_be_is_dropped_and_counted(string sender, string mac, string what)
    {
        Inject(ArpOperation.Request, IpAddress.Parse(sender), Net.PcAddress, MacAddress.Parse(mac));
        Assert.True(_net.Pc.Counters.Dropped(DropReason.BadArp) == 1, what);
        Assert.Empty(_net.Lan.Frames);
        Assert.Equal(0, Table.Count);
    }

    [Fact]
    public void A_neighbour_that_moves_to_another_adapter_is_followed()
    {
        Inject(ArpOperation.Request, Net.WwwAddress, Net.PcAddress);
        var moved = MacAddress.Parse("02:00:00:00:00:aa");
        Inject(ArpOperation.Request, Net.WwwAddress, Net.WwwAddress, moved);
        Assert.Equal(moved, Table.Find(Net.WwwAddress)?.Mac);
    }

    [Fact]
    public void An_idle_net_has_no_timers_and_a_stale_neighbour_is_asked_alone_when_it_is_used()
    {
        _net.Run(async () =>
        {
            await _net.PingAsync(_net.Pc, Net.WwwAddress);
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Equal(0, _net.Loop.TimerCount);
            await _net.Loop.DelayAsync(Duration.FromSeconds(100));
            _net.Lan.Frames.Clear();
            await _net.PingAsync(_net.Pc, Net.WwwAddress);
            await _net.Loop.DelayAsync(Duration.FromSeconds(6));
        });
        var asked = _net.Lan.Frames.Where(frame => frame[13] == 6 && frame[21] == 1).ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, frame => Assert.False(MacAddress.Read(frame).IsBroadcast));
    }
}

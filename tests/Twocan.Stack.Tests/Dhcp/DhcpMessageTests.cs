using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class DhcpMessageTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("00:0b:82:01:fc:42");

    /// <summary>
    /// A DISCOVER as a real client has sent it (the example capture that Wireshark's documentation ships): a client id, a
    /// wanted address of 0.0.0.0, a list of wishes, padding.
    /// </summary>
    private static byte[] Captured()
    {
        var bytes = new byte[272];
        Convert.FromHexString("0101060000003D1D0000000000000000000000000000000000000000000B8201FC42").CopyTo(bytes, 0);
        Convert
            .FromHexString("63825363" + "350101" + "3D0701000B8201FC42" + "320400000000" + "370401032A06" + "FF")
            .CopyTo(bytes, 236);
        return bytes;
    }

    private static DhcpMessage Read(byte[] bytes)
    {
        Assert.True(DhcpMessage.TryRead(bytes, out var message));
        return message;
    }

    private static DhcpMessage Make(DhcpMessageType type = DhcpMessageType.Ack) =>
        new()
        {
            Type = type,
            Transaction = 0x3D1D,
            Client = Mac,
        };

    [Fact]
    public void A_captured_discovery_is_read_field_by_field()
    {
        var message = Read(Captured());
        Assert.Equal((DhcpMessageType.Discover, 0x3D1DU, Mac), (message.Type, message.Transaction, message.Client));
        Assert.False(message.Broadcast);
        Assert.Equal("01000B8201FC42", message.ClientKey);
        Assert.Equal(IpAddress.Any, message.Options.Address(DhcpOption.RequestedAddress));
        Assert.Equal(new byte[] { 1, 3, 42, 6 }, message.Options.Bytes(DhcpOption.ParameterRequestList));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var message = new DhcpMessage
        {
            Type = DhcpMessageType.Offer,
            Transaction = 0xDEADBEEF,
            Seconds = 7,
            Broadcast = true,
            ClientAddress = IpAddress.Parse("10.0.0.9"),
            YourAddress = IpAddress.Parse("10.0.0.10"),
            RelayAddress = IpAddress.Parse("10.0.0.11"),
            Client = Mac,
        };
        message.Options.Add(DhcpOption.LeaseTime, 3600u);
        message.Options.Add(DhcpOption.NameServer, [IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.0.0.2")]);
        message.Options.Add(DhcpOption.DomainName, "cyber.co.kr");
        message.Options.Add(DhcpOption.InterfaceMtu, (ushort)1400);
        var bytes = message.ToArray();
        Assert.Equal(300, bytes.Length);
        var again = Read(bytes);
        Assert.Equal(
            (message.Type, message.Transaction, message.Seconds, message.Broadcast, message.Client),
            (again.Type, again.Transaction, again.Seconds, again.Broadcast, again.Client)
        );
        Assert.Equal(
            (message.ClientAddress, message.YourAddress, message.RelayAddress),
            (again.ClientAddress, again.YourAddress, again.RelayAddress)
        );
        Assert.Equal(3600u, again.Options.Number32(DhcpOption.LeaseTime));
        Assert.Equal(2, again.Options.Addresses(DhcpOption.NameServer).Count);
        Assert.Equal("cyber.co.kr", again.Options.Text(DhcpOption.DomainName));
        Assert.Equal((ushort)1400, again.Options.Number16(DhcpOption.InterfaceMtu));
    }

    [Fact]
    public void A_long_option_is_cut_into_pieces_and_put_together_again()
    {
        var message = Make();
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i:000} "));
        message.Options.Add(DhcpOption.Message, text);
        Assert.Equal(text, Read(message.ToArray(1400)).Options.Text(DhcpOption.Message));
    }

    [Fact]
    public void What_finds_no_room_stands_in_the_other_fields_and_is_found_there()
    {
        var message = Make();
        for (var i = 0; i < 4; i++)
            message.Options.Add((DhcpOption)(200 + i), Enumerable.Repeat((byte)i, 115).ToArray());
        var bytes = message.ToArray();
        Assert.True(bytes.Length <= DhcpMessage.UsualLength);
        Assert.NotEqual(0, bytes[108]);
        Assert.NotEqual(0, bytes[44]);
        var again = Read(bytes);
        Assert.Equal((byte)3, again.Options.Number8(DhcpOption.Overload));
        for (var i = 0; i < 4; i++)
            Assert.Equal(115, again.Options.Bytes((DhcpOption)(200 + i))!.Count(octet => octet == i));
    }

    [Theory]
    [InlineData(0, 3, "an operation that there is not")]
    [InlineData(0, 2, "an answer that asks")]
    [InlineData(1, 6, "other hardware")]
    [InlineData(2, 8, "a MAC address of 8 bytes")]
    [InlineData(236, 0, "no cookie")]
    [InlineData(241, 255, "an option longer than the message")]
    [InlineData(241, 2, "a type of two bytes")]
    [InlineData(242, 0, "a type that there is not")]
    [InlineData(242, 9, "one of a later RFC")]
    public void What_is_no_message_is_refused(int offset, byte value, string what)
    {
        var bytes = Captured();
        bytes[offset] = value;
        Assert.False(DhcpMessage.TryRead(bytes, out _), what);
    }

    [Fact]
    public void What_cannot_be_printed_reaches_no_terminal()
    {
        var message = Make();
        message.Options.Add(DhcpOption.DomainName, [0x1B, (byte)'[', (byte)'2', (byte)'J', 200, 0]);
        Assert.Equal("?[2J?", Read(message.ToArray()).Options.Text(DhcpOption.DomainName));
    }

    [Fact]
    public void Truncated_flipped_and_random_bytes_never_throw()
    {
        var random = new RandomSource(3);
        var good = Captured();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var flips = random.Next(6); flips > 0 && bytes.Length > 0; flips--)
                bytes[
                    random.Chance(0.8) && bytes.Length > 241
                        ? random.Next(236, bytes.Length)
                        : random.Next(bytes.Length)
                ] = (byte)random.Next(256);
            if (!DhcpMessage.TryRead(bytes, out var message))
                continue;
            foreach (var (code, _) in message.Options.All)
                Assert.NotNull(DhcpWords.Value(message.Options, code, Language.Korean));
            Assert.NotEmpty(new DhcpWords(message).English);
            Assert.NotEmpty(new DhcpWords(message).Korean);
            DhcpLease.TryRead(message, Instant.Zero, out _);
            Assert.True(DhcpMessage.TryRead(message.ToArray(), out _));
        }
    }

    [Fact]
    public void Ten_thousand_pieces_of_one_option_are_read_at_once()
    {
        var bytes = new byte[60_000];
        Captured().CopyTo(bytes, 0);
        for (var at = 264; at < bytes.Length - 3; at += 3)
            (bytes[at], bytes[at + 1], bytes[at + 2]) = (60, 1, 65);
        Assert.True(Read(bytes).Options.Bytes((DhcpOption)60)!.Length > 19_000);
    }
}

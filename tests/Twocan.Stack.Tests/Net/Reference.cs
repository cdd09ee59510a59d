using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Checksums written a second time, slowly and from the RFCs' words, to check the ones that are used against.</summary>
internal static class Reference
{
    /// <summary>RFC 1071 §1: sum the 16-bit words with end-around carry, complement.</summary>
    public static ushort Checksum(params byte[][] pieces)
    {
        var bytes = pieces.SelectMany(piece => piece).ToList();
        if (bytes.Count % 2 == 1)
            bytes.Add(0);
        var sum = 0;
        for (var i = 0; i < bytes.Count; i += 2)
        {
            sum += bytes[i] * 256 + bytes[i + 1];
            if (sum > 0xFFFF)
                sum -= 0xFFFF;
        }
        return (ushort)(0xFFFF - sum);
    }

    /// <summary>The polynomial division of IEEE 802.3 §3.2.9, bit by bit as the bits go onto the wire.</summary>
    public static uint FrameCheck(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF_FFFF;
        foreach (var octet in bytes)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var feedback = (crc ^ (uint)(octet >> bit)) & 1;
                crc = (crc >> 1) ^ (feedback * 0xEDB8_8320);
            }
        }
        return crc ^ 0xFFFF_FFFF;
    }

    /// <summary>Everything in a frame that can be checked is right.</summary>
    public static void AssertSound(byte[] frame) => AssertSoundUpTo(1518, frame);

    public static void AssertSoundUpTo(int most, byte[] frame)
    {
        Assert.InRange(frame.Length, 64, most);
        Assert.Equal(FrameCheck(frame.AsSpan(0, frame.Length - 4)), BitConverter.ToUInt32(frame, frame.Length - 4));
        var packet = frame[14..^4];
        if (frame[12] == 0x86)
        {
            AssertSoundV6(packet);
            return;
        }
        if (frame[12] != 8 || frame[13] != 0)
        {
            Assert.All(packet[28..], octet => Assert.Equal(0, octet));
            return;
        }
        var (headerLength, total) = ((packet[0] & 15) * 4, packet[2] * 256 + packet[3]);
        Assert.Equal(0, Checksum(packet[..headerLength]));
        Assert.All(packet[total..], octet => Assert.Equal(0, octet));
        var payload = packet[headerLength..total];
        var pseudo = packet[12..20].Concat(new byte[] { 0, packet[9] }).Concat(Big(payload.Length)).ToArray();
        switch ((IpProtocol)packet[9])
        {
            case IpProtocol.Icmp:
                Assert.Equal(0, Checksum(payload));
                break;
            case IpProtocol.Udp:
                Assert.NotEqual(0, payload[6] * 256 + payload[7]);
                Assert.Equal(0, Checksum(pseudo, payload));
                break;
            case IpProtocol.Tcp:
                Assert.Equal(0, Checksum(pseudo, payload));
                break;
        }
    }

    private static void AssertSoundV6(byte[] packet)
    {
        var total = 40 + packet[4] * 256 + packet[5];
        Assert.All(packet[total..], octet => Assert.Equal(0, octet));
        var payload = packet[40..total];
        var pseudo = packet[8..40]
            .Concat(new byte[] { 0, 0 })
            .Concat(Big(payload.Length))
            .Concat(new byte[] { 0, packet[6] });
        switch ((IpProtocol)packet[6])
        {
            case IpProtocol.IcmpV6 or IpProtocol.Tcp or IpProtocol.Udp:
                Assert.Equal(0, Checksum([.. pseudo], payload));
                break;
            case IpProtocol.Fragment or IpProtocol.HopByHop:
                break;
            default:
                Assert.Fail($"next header {packet[6]}");
                break;
        }
    }

    private static byte[] Big(int value) => [(byte)(value >> 8), (byte)value];
}

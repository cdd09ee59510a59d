using System.Buffers.Binary;

namespace Twocan.Core;

/// <summary>
/// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. Kept as a running
/// sum, so that a pseudo-header and a payload in two pieces can be added one after the other (each piece but the last of even length).
/// </summary>
public struct InternetChecksum
{
    private ulong _sum;

    public void Add(ushort word) => _sum += word;

    public void Add(uint doubleWord) => _sum += (doubleWord >> 16) + (doubleWord & 0xFFFF);

    public void Add(IpAddress address)
    {
        if (address.IsV4)
        {
            Add(address.AsV4);
            return;
        }
        for (var shift = 96; shift >= 0; shift -= 32)
            Add((uint)(address.Bits >> shift));
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 2)
        {
            _sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }
        if (bytes.Length == 1)
            _sum += (uint)bytes[0] << 8;
    }

    /// <summary>What to write into the checksum field; zero when computed over data that already carries a right one.</summary>
    public readonly ushort Value
    {
        get
        {
            var sum = _sum;
            while (sum >> 16 != 0)
                sum = (sum & 0xFFFF) + (sum >> 16);
            return (ushort)~sum;
        }
    }

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var sum = new InternetChecksum();
        sum.Add(bytes);
        return sum.Value;
    }
}

using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What the options of an IPv4 header mean to whoever holds the packet (RFC 1122 §3.2.1.8, RFC 1812 §5.3.13). Record route
/// and timestamp are filled in; router alert and whatever is not known goes by untouched; a source route is refused, as
/// RFC 7126 §4.3 and §4.4 advise against RFC 1812, since it leads round every fence.
/// </summary>
internal static class Ipv4OptionRules
{
    private const int MillisecondsFirst = 5;
    private const int AddressesFirst = 4;

    /// <summary>Null, or what is wrong, and at which byte of the options.</summary>
    public static DropReason? Check(ReadOnlySpan<byte> bytes, out int place)
    {
        place = 0;
        var options = new Ipv4Options(bytes);
        while (options.MoveNext())
        {
            place = options.Offset;
            switch (options.Type)
            {
                case Ipv4Option.LooseSourceRoute or Ipv4Option.StrictSourceRoute:
                    return DropReason.SourceRoute;
                case Ipv4Option.RecordRoute when WhereWrong(options.Current, AddressesFirst, slot: 4) is { } wrong:
                    place += wrong;
                    return DropReason.BadOption;
                case Ipv4Option.Timestamp when WhereWrong(options.Current) is { } wrong:
                    place += wrong;
                    return DropReason.BadOption;
            }
        }
        if (!options.IsBroken)
            return null;
        place = Math.Min(options.Offset + 1, bytes.Length - 1);
        return DropReason.BadOption;
    }

    /// <summary>Enters this station into the options of a packet that leaves by <paramref name="here"/>, and sums its header up again.</summary>
    public static void StampPacket(Span<byte> packet, Ip ip, IpAddress here, DateTimeOffset now)
    {
        var header = packet[..((packet[0] & 15) * 4)];
        Stamp(header[Ipv4Header.MinLength..], ip, here, now);
        Ipv4Header.WriteChecksum(header);
    }

    /// <summary>The same for options that have passed <see cref="Check"/> and stand alone.</summary>
    public static void Stamp(Span<byte> bytes, Ip ip, IpAddress here, DateTimeOffset now)
    {
        var options = new Ipv4Options(bytes);
        while (options.MoveNext())
        {
            var option = bytes.Slice(options.Offset, options.Current.Length);
            if (options.Type == Ipv4Option.RecordRoute)
                Record(option, here);
            else if (options.Type == Ipv4Option.Timestamp)
                StampTime(option, ip, here, (uint)now.TimeOfDay.TotalMilliseconds);
        }
    }

    /// <summary>RFC 791: a list that is full stays as it is.</summary>
    private static void Record(Span<byte> option, IpAddress here)
    {
        var at = option[2] - 1;
        if (at >= option.Length)
            return;
        here.Write(option[at..]);
        option[2] += 4;
    }

    private static void StampTime(Span<byte> option, Ip ip, IpAddress here, uint milliseconds)
    {
        var (at, flag) = (option[2] - 1, option[3] & 15);
        if (at >= option.Length)
        {
            // Who finds no room is counted, up to fifteen.
            if (option[3] >> 4 < 15)
                option[3] += 16;
            return;
        }
        if (flag == 3 && !ip.IsMine(IpAddress.Read(option.Slice(at, 4))))
            return;
        if (flag == 1)
            here.Write(option[at..]);
        var time = flag == 0 ? at : at + 4;
        BinaryPrimitives.WriteUInt32BigEndian(option[time..], milliseconds);
        option[2] += (byte)(time + 4 - at);
    }

    private static int? WhereWrong(ReadOnlySpan<byte> timestamp)
    {
        if (timestamp.Length < 4)
            return 1;
        return (timestamp[3] & 15) switch
        {
            0 => WhereWrong(timestamp, MillisecondsFirst, slot: 4),
            1 or 3 => WhereWrong(timestamp, MillisecondsFirst, slot: 8),
            _ => 3,
        };
    }

    /// <summary>The byte of an option with slots at which it goes wrong: its length, or a pointer that does not name a whole slot.</summary>
    private static int? WhereWrong(ReadOnlySpan<byte> option, int first, int slot)
    {
        if (option.Length < first - 1)
            return 1;
        var pointer = option[2];
        // RFC 791: room that is not enough for a whole entry is an error of the sender.
        var isFull = pointer > option.Length;
        return pointer >= first && (pointer - first) % 4 == 0 && (isFull || pointer + slot - 1 <= option.Length)
            ? null
            : 2;
    }
}

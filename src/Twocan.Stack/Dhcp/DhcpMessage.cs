using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Option 53: what a message is (RFC 2132 §9.6).</summary>
public enum DhcpMessageType : byte
{
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Ack = 5,
    Nak = 6,
    Release = 7,
    Inform = 8,
}

/// <summary>A DHCP message (RFC 2131 §2): the fields of BOOTP, a cookie, and options.</summary>
public sealed class DhcpMessage
{
    public static readonly Port ServerPort = new(67);
    public static readonly Port ClientPort = new(68);

    /// <summary>What every client takes (RFC 2131 §2): a datagram of 576 bytes, less the headers of IP and UDP.</summary>
    public const int UsualLength = 548;

    /// <summary>BOOTP's messages have this length, and some relays take no shorter ones.</summary>
    private const int LeastLength = 300;
    private const int OptionsAt = 240;
    private const int ServerNameAt = 44;
    private const int FileAt = 108;
    private const uint Cookie = 0x63825363;
    private const ushort BroadcastFlag = 0x8000;

    public required DhcpMessageType Type { get; init; }

    /// <summary>BOOTREPLY: it comes from a server.</summary>
    public bool IsReply => Type is DhcpMessageType.Offer or DhcpMessageType.Ack or DhcpMessageType.Nak;

    /// <summary>xid: by this a client knows the answers to its own questions.</summary>
    public required uint Transaction { get; init; }

    /// <summary>secs: for how long the client has been asking.</summary>
    public ushort Seconds { get; init; }

    /// <summary>The client can hear nothing but broadcasts yet.</summary>
    public bool Broadcast { get; init; }

    /// <summary>ciaddr: the client's address, if it has one that it may use.</summary>
    public IpAddress ClientAddress { get; init; } = IpAddress.Any;

    /// <summary>yiaddr: 'your' address.</summary>
    public IpAddress YourAddress { get; init; } = IpAddress.Any;

    /// <summary>giaddr: the relay that passes messages on between links.</summary>
    public IpAddress RelayAddress { get; init; } = IpAddress.Any;

    /// <summary>chaddr.</summary>
    public required MacAddress Client { get; init; }

    /// <summary>All but the type and the overload, which are for the codec.</summary>
    public DhcpOptions Options { get; init; } = new();

    /// <summary>Whom a server knows by what: option 61 where it is given, else the kind of hardware and its address (RFC 2131 §4.2).</summary>
    public string ClientKey =>
        Options.Bytes(DhcpOption.ClientIdentifier) is { Length: >= 2 } id
            ? Convert.ToHexString(id)
            : $"01{Client.Bits:X12}";

    public static bool TryRead(ReadOnlySpan<byte> bytes, out DhcpMessage message)
    {
        message = null!;
        // Operation 1 asks and 2 answers; hardware is Ethernet, with addresses of 6 bytes.
        if (bytes.Length < OptionsAt || bytes[0] is not (1 or 2) || bytes[1] != 1 || bytes[2] != MacAddress.Length)
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[236..]) != Cookie)
            return false;
        var options = new DhcpOptions();
        if (!options.TryReadArea(bytes[OptionsAt..], isFirst: true))
            return false;
        // RFC 2131 §4.1: first the file field, then the server's name.
        var overload = options.Number8(DhcpOption.Overload) ?? 0;
        if ((overload & 1) != 0 && !options.TryReadArea(bytes[FileAt..236], isFirst: false))
            return false;
        if ((overload & 2) != 0 && !options.TryReadArea(bytes[ServerNameAt..FileAt], isFirst: false))
            return false;
        if (options.Number8(DhcpOption.MessageType) is not (>= 1 and <= 8 and var type))
            return false;
        message = new()
        {
            Type = (DhcpMessageType)type,
            Transaction = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Seconds = BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]),
            Broadcast = (BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) & BroadcastFlag) != 0,
            ClientAddress = IpAddress.Read(bytes[12..16]),
            YourAddress = IpAddress.Read(bytes[16..20]),
            RelayAddress = IpAddress.Read(bytes[24..28]),
            Client = MacAddress.Read(bytes[28..]),
            Options = options,
        };
        return message.IsReply == (bytes[0] == 2);
    }

    /// <summary>The bytes, at most so many. What finds no room among the options stands in the file field and the server's name (option 52).</summary>
    public byte[] ToArray(int most = UsualLength)
    {
        var bytes = new byte[Math.Max(most, LeastLength)];
        bytes[0] = (byte)(IsReply ? 2 : 1);
        (bytes[1], bytes[2]) = (1, MacAddress.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Transaction);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), Broadcast ? BroadcastFlag : (ushort)0);
        ClientAddress.Write(bytes.AsSpan(12));
        YourAddress.Write(bytes.AsSpan(16));
        RelayAddress.Write(bytes.AsSpan(24));
        Client.Write(bytes.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(236), Cookie);
        var areas = new OptionWriter(
            bytes.AsSpan(OptionsAt),
            bytes.AsSpan(FileAt, 128),
            bytes.AsSpan(ServerNameAt, 64)
        );
        areas.Add(DhcpOption.MessageType, [(byte)Type]);
        foreach (var (code, data) in Options.All)
        {
            if (code is not (DhcpOption.MessageType or DhcpOption.Overload))
                areas.Add(code, data);
        }
        return bytes[..Math.Max(LeastLength, OptionsAt + areas.Finish())];
    }

    /// <summary>Lays options into up to three areas, in their order; what fits nowhere is left out.</summary>
    private ref struct OptionWriter(Span<byte> main, Span<byte> file, Span<byte> serverName)
    {
        /// <summary>For the end, and for the option that says that there are further areas.</summary>
        private const int Kept = 4;

        private readonly Span<byte> _main = main;
        private readonly Span<byte> _file = file;
        private readonly Span<byte> _serverName = serverName;
        private int _area;
        private int _at;
        private int _mainEnd;
        private byte _overload;

        public void Add(DhcpOption code, scoped ReadOnlySpan<byte> data)
        {
            do
            {
                // A piece carries up to 255 bytes, and one that carries nothing says that there is such an option.
                var room = Math.Min(Area.Length - _at - (_area == 0 ? Kept : 1) - 2, 255);
                if (room < Math.Min(data.Length, 1))
                {
                    if (!TryNextArea())
                        return;
                    continue;
                }
                var piece = data[..Math.Min(room, data.Length)];
                (Area[_at], Area[_at + 1]) = ((byte)code, (byte)piece.Length);
                piece.CopyTo(Area[(_at + 2)..]);
                _at += 2 + piece.Length;
                data = data[piece.Length..];
            } while (!data.IsEmpty);
        }

        /// <summary>How long the main area has become.</summary>
        public int Finish()
        {
            Area[_at] = (byte)DhcpOption.End;
            if (_area == 0)
                return _at + 1;
            (_main[_mainEnd], _main[_mainEnd + 1], _main[_mainEnd + 2]) = ((byte)DhcpOption.Overload, 1, _overload);
            _main[_mainEnd + 3] = (byte)DhcpOption.End;
            return _mainEnd + Kept;
        }

        private readonly Span<byte> Area =>
            _area == 0 ? _main
            : _area == 1 ? _file
            : _serverName;

        private bool TryNextArea()
        {
            if (_area == 2)
                return false;
            if (_area == 0)
                _mainEnd = _at;
            else
                Area[_at] = (byte)DhcpOption.End;
            _area++;
            _overload |= (byte)_area;
            _at = 0;
            return true;
        }
    }
}

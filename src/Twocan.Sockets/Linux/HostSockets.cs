using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A socket of this machine's kernel: the control information that it is, at one moment.</summary>
/// <param name="Remote">Null of who listens, and of UDP that is connected to nobody.</param>
/// <param name="State">As RFC 9293 writes it; null of UDP.</param>
/// <param name="ReceiveQueue">Octets that the program has not fetched yet; of a listener, connections that wait to be accepted.</param>
/// <param name="SendQueue">Octets that the peer has not acknowledged yet; of a listener, how many connections may wait.</param>
/// <param name="Timer">What it waits for; null where no timer runs.</param>
/// <param name="User">The number of the user whose it is.</param>
/// <param name="Inode">By this number the programs that hold it know it; 0 when nobody does any more.</param>
public sealed record HostSocketRow(
    string Protocol,
    Endpoint Local,
    Endpoint? Remote,
    string? State,
    long ReceiveQueue,
    long SendQueue,
    string? Timer,
    Duration TimerLeft,
    int User,
    long Inode
)
{
    public HostTcpInfo? Info { get; init; }

    public bool IsListening => Remote is null;
}

/// <summary>Who holds a socket.</summary>
public sealed record HostProcess(int Id, string Name);

/// <summary>The sockets of the network namespace that the caller is in, as the kernel tells them (sock_diag(7)): read, and never written.</summary>
[SupportedOSPlatform("linux")]
public static class HostSockets
{
    private const ushort ByFamily = 20; // SOCK_DIAG_BY_FAMILY
    private const int RequestLength = 56; // struct inet_diag_req_v2
    private const int AnswerLength = 72; // struct inet_diag_msg
    private const int InfoAttribute = 2; // INET_DIAG_INFO
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int Listening = 10;

    private static readonly string[] s_states =
    [
        "",
        "ESTABLISHED",
        "SYN-SENT",
        "SYN-RECEIVED",
        "FIN-WAIT-1",
        "FIN-WAIT-2",
        "TIME-WAIT",
        "CLOSED",
        "CLOSE-WAIT",
        "LAST-ACK",
        "LISTEN",
        "CLOSING",
        "SYN-RECEIVED",
    ];

    /// <summary>Who listens first, then by address.</summary>
    public static IReadOnlyList<HostSocketRow> All() =>
        [
            .. Read(LinuxAddress.Ipv4, Tcp)
                .Concat(Read(LinuxAddress.Ipv6, Tcp))
                .Concat(Read(LinuxAddress.Ipv4, Udp))
                .Concat(Read(LinuxAddress.Ipv6, Udp))
                .OrderBy(row => row.State is null)
                .ThenBy(row => !row.IsListening)
                .ThenBy(row => row.Local.Port)
                .ThenBy(row => row.Local.Address)
                .ThenBy(row => row.Remote?.Address)
                .ThenBy(row => row.Remote?.Port),
        ];

    /// <summary>Who holds which socket, by its inode: of one's own programs, and for root of all.</summary>
    public static IReadOnlyDictionary<long, HostProcess> Holders()
    {
        var holders = new Dictionary<long, HostProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                HostProcess? process = null;
                foreach (var descriptor in Directory.EnumerateFiles($"{directory}/fd"))
                {
                    if (
                        new FileInfo(descriptor).LinkTarget
                        is ['s', 'o', 'c', 'k', 'e', 't', ':', '[', .. var inode, ']']
                    )
                        holders.TryAdd(
                            long.Parse(inode, CultureInfo.InvariantCulture),
                            process ??= new(id, File.ReadAllText($"{directory}/comm").TrimEnd())
                        );
                }
            }
            catch (Exception other) when (other is UnauthorizedAccessException or IOException)
            {
                // Somebody else's, or gone meanwhile.
            }
        }
        return holders;
    }

    private static List<HostSocketRow> Read(ushort family, byte protocol)
    {
        var request = new byte[RequestLength];
        (request[0], request[1]) = ((byte)family, protocol);
        request[2] = protocol == Tcp ? (byte)(1 << (InfoAttribute - 1)) : (byte)0;
        request.AsSpan(4, 4).Fill(0xFF); // in whichever state
        var rows = new List<HostSocketRow>();
        using var netlink = new Netlink(Netlink.Sockets);
        netlink.Ask(
            new(ByFamily, Netlink.Request | Netlink.Dump, request),
            "the kernel's sockets",
            (in answer) =>
            {
                if (answer.Body.Length >= AnswerLength)
                    rows.Add(RowOf(answer, protocol));
            }
        );
        return rows;
    }

    private static HostSocketRow RowOf(in NetlinkAnswer answer, byte protocol)
    {
        var body = answer.Body;
        var length = body[0] == LinuxAddress.Ipv4 ? 4 : 16;
        var local = EndOf(body.Slice(8, length), body[4..]);
        var remote = EndOf(body.Slice(24, length), body[6..]);
        var isTcp = protocol == Tcp;
        var name = (isTcp ? "tcp" : "udp") + (length == 4 ? "" : "6");
        return new(
            name,
            local,
            remote.Port == Port.Any ? null : remote,
            isTcp && body[1] < s_states.Length ? s_states[body[1]] : null,
            BitConverter.ToUInt32(body[56..]),
            BitConverter.ToUInt32(body[60..]),
            TimerOf(body[2]),
            Duration.FromMilliseconds(BitConverter.ToUInt32(body[52..])),
            BitConverter.ToInt32(body[64..]),
            BitConverter.ToUInt32(body[68..])
        )
        {
            Info =
                isTcp && body[1] != Listening ? HostTcpInfo.Read(answer.Attribute(AnswerLength, InfoAttribute)) : null,
        };
    }

    private static Endpoint EndOf(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(IpAddress.Read(address), BinaryPrimitives.ReadUInt16BigEndian(port));

    private static string? TimerOf(byte number) =>
        number switch
        {
            1 => "retransmit",
            2 => "keep_alive",
            3 => "time_wait",
            4 => "persist",
            _ => null,
        };
}

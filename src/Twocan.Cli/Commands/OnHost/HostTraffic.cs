using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>A TCP connection of this machine, and what went each way since the last look.</summary>
internal sealed record HostTrafficRow(HostSocketRow Socket, long Out, long In);

/// <summary>What the kernel has counted for each TCP connection, between one look and the next.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HostTraffic
{
    private Dictionary<(Endpoint, Endpoint), HostTcpInfo> _before = [];
    private bool _hasLooked;

    /// <summary>Who has said something since the last look, the busiest first. The first look finds nobody: it is what the others are compared with.</summary>
    public IReadOnlyList<HostTrafficRow> Take()
    {
        var rows = new List<HostTrafficRow>();
        var now = new Dictionary<(Endpoint, Endpoint), HostTcpInfo>();
        foreach (var socket in HostSockets.All())
        {
            if (socket is not { Info: { } info, Remote: { } remote })
                continue;
            now[(socket.Local, remote)] = info;
            var before = _before.GetValueOrDefault((socket.Local, remote));
            var (sent, received) = (
                Math.Max(info.BytesAcknowledged - before.BytesAcknowledged, 0),
                Math.Max(info.BytesReceived - before.BytesReceived, 0)
            );
            if (_hasLooked && sent + received > 0)
                rows.Add(new(socket, sent, received));
        }
        (_before, _hasLooked) = (now, true);
        return
        [
            .. rows.OrderByDescending(row => row.Out + row.In)
                .ThenBy(row => row.Socket.Local.Port)
                .ThenBy(row => row.Socket.Remote!.Value.Port),
        ];
    }
}

using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>
/// All packets from end to end as a picture: a line downwards for each host that speaks or is spoken to, a slanted arrow
/// for each packet. Downwards is time, but not to scale: a long wait takes a little more room than a short one, or
/// nothing could be read. What routers and switches do in between is not in it, and neither is the talk of neighbours
/// (ARP), which never leaves its link.
/// </summary>
internal sealed class SequencePicture
{
    private const int Left = 78;
    private const int Top = 46;
    private const int Width = 990;
    private const int NarrowestLane = 118;
    private const int WidestLane = 240;
    private const double RowHeight = 17;
    private const double WaitHeight = 7;
    private const double ArrivalHeight = 4;

    private readonly Journey _journey;
    private readonly List<string> _lanes = [];
    private readonly List<Arrow> _arrows = [];
    private readonly StringBuilder _svg = new();

    private readonly bool _isLinked;

    private SequencePicture(Journey journey, bool isLinked)
    {
        (_journey, _isLinked) = (journey, isLinked);
        foreach (var packet in journey.Packets)
            if (packet.PassesOn is null && IsEndToEnd(packet) && Read(packet) is { } arrow)
                _arrows.Add(arrow);
    }

    /// <summary>The picture as SVG that is styled by the page around it; empty where no packet went anywhere.</summary>
    /// <param name="journey">What is drawn.</param>
    /// <param name="isLinked">Whether the frames in the page are this journey's.</param>
    public static string Draw(Journey journey, bool isLinked = true) => new SequencePicture(journey, isLinked).Draw();

    private static bool IsEndToEnd(Packet packet) =>
        packet.Dissection.Tcp is not null || packet.Dissection.Udp is not null || packet.Dissection.Protocol == "ICMP";

    private Arrow? Read(Packet packet)
    {
        Packet? last = null;
        Packet? lost = null;
        foreach (var copy in _journey.Copies(packet))
        {
            if (copy.Lost is not null)
                lost = copy;
            else if (
                copy.PassedOnAs.Count == 0
                && copy.Arrived is not null
                && IpAddress.TryParse(copy.Dissection.Destination, out var destination)
                && _journey.Neighbourhood.HostAt(destination) == copy.To
            )
                last ??= copy;
        }
        // Nobody is there at that address: a broadcast, or a packet that some router threw away.
        if (last is null && lost is null)
            return null;
        var to = last?.To ?? Addressee(packet, lost!);
        return to is null ? null : new(packet, Lane(packet.From), Lane(to), last?.Arrived, last is null ? lost : null);
    }

    /// <summary>Whom a lost packet was for: behind a router that translates addresses, whoever got the others of that kind.</summary>
    private string? Addressee(Packet packet, Packet lost)
    {
        foreach (var arrow in _arrows)
            if (
                arrow.LostAs is null
                && arrow.Packet.From == packet.From
                && arrow.Packet.Dissection.Destination == packet.Dissection.Destination
                && arrow.Packet.Dissection.Tcp?.DestinationPort == packet.Dissection.Tcp?.DestinationPort
            )
                return _lanes[arrow.To];
        return IpAddress.TryParse(lost.Dissection.Destination, out var destination)
            ? _journey.Neighbourhood.HostAt(destination)
            : null;
    }

    private int Lane(string host)
    {
        var lane = _lanes.IndexOf(host);
        if (lane >= 0)
            return lane;
        _lanes.Add(host);
        return _lanes.Count - 1;
    }

    private string Draw()
    {
        if (_arrows.Count == 0)
            return "";
        var height = Place() + RowHeight;
        var width = X(_lanes.Count - 1) + NarrowestLane / 2 + 16;
        Add(
            $"<svg class=sequence viewBox=\"0 0 {width} {height:0}\" width=\"{width}\" height=\"{height:0}\" role=img><defs><marker id=tip viewBox=\"0 0 8 8\" refX=7 refY=4 markerUnits=userSpaceOnUse markerWidth=9 markerHeight=9 orient=auto><path d=\"M0 0 8 4 0 8z\"/></marker></defs>"
        );
        for (var lane = 0; lane < _lanes.Count; lane++)
        {
            Add($"<text class=\"host lane\" x={X(lane)} y=20>{Markup.Escape(_lanes[lane])}</text>");
            Add($"<line class=lane x1={X(lane)} x2={X(lane)} y1=30 y2=\"{height - 8:0}\"/>");
        }
        foreach (var arrow in _arrows)
            Draw(arrow);
        return _svg.Append("</svg>").ToString();
    }

    private void Draw(Arrow arrow)
    {
        var (x1, x2, y1, y2) = ((double)X(arrow.From), (double)X(arrow.To), arrow.Left, arrow.There);
        if (arrow.LostAs is not null)
            x2 = x1 + (x2 - x1) * 0.62;
        var number = arrow.Packet.Number;
        var ms = Voice.Milliseconds(arrow.Packet.At - _journey.Visits[0].Click.At);
        Add(
            $"<a{(_isLinked ? $" href=\"#f{number}\"" : "")} class=\"{Kind(arrow)}\"><title>#{number} {Markup.Escape(arrow.Packet.Dissection.Summary)}</title>"
        );
        Add($"<text class=ms x={Left - 14} y=\"{y1 + 4:0.0}\">{ms}</text>");
        if (arrow.LostAs is null)
            Add($"<line x1={x1:0} y1=\"{y1:0.0}\" x2={x2:0} y2=\"{y2:0.0}\" marker-end=\"url(#tip)\"/>");
        else
            Add(
                $"<line x1={x1:0} y1=\"{y1:0.0}\" x2={x2:0} y2=\"{y2:0.0}\"/><text class=cross x={x2:0} y=\"{y2 + 5:0.0}\">✕</text>"
            );
        // Beside the start: there no other arrow is near.
        var ahead = x2 > x1;
        Add(
            $"<text class={(ahead ? "ahead" : "back")} x={(ahead ? x1 + 8 : x1 - 8):0} y=\"{y1 - 4:0.0}\">{Markup.Escape(Label(arrow.Packet))}</text></a>"
        );
    }

    private static string Kind(Arrow arrow) =>
        arrow.LostAs is not null ? "lost"
        : arrow.Packet.Dissection.Dns is not null ? "dns"
        : arrow.Packet.Dissection.Http is not null ? "http"
        : arrow.Packet.Dissection.PayloadLength > 0 ? "data"
        : "bare";

    private static string Label(Packet packet)
    {
        var dissection = packet.Dissection;
        return dissection switch
        {
            { Dns: { IsResponse: false } dns } => $"{dns.Name} {dns.Type}?",
            { Dns: { Answers: > 0 } dns } => $"{dns.Type} {dissection.Find("DNS", "Answer: data")?.Value}",
            { Dns: { Rcode: "NOERROR" } } when dissection.Find("DNS", "Authority: data") is { } below =>
                $"{dissection.Find("DNS", "Authority: name")?.Value}: {below.Value}",
            { Dns: { } dns } => dns.Rcode,
            { Http: not null } => dissection.Summary,
            { Tcp: { } tcp } => tcp.Length > 0 ? $"{tcp.Flags} {tcp.Length}" : tcp.Flags,
            _ => dissection.Summary,
        };
    }

    /// <summary>Gives each leaving and each arrival its height, and says how far down the last of them is.</summary>
    private double Place()
    {
        var moments = _arrows
            .Select(arrow => (At: arrow.Packet.At, arrow, Leaves: true))
            .Concat(_arrows.Select(arrow => (At: arrow.Arrived ?? arrow.LostAs!.At, arrow, Leaves: false)))
            .OrderBy(static moment => moment.At)
            .ThenBy(static moment => moment.arrow.Packet.Number)
            .ThenBy(static moment => !moment.Leaves);
        var y = (double)Top;
        Instant? before = null;
        foreach (var (at, arrow, leaves) in moments)
        {
            if (before is { } last)
                y += WaitHeight * Math.Log10(1 + (at - last).Nanoseconds / 1e5);
            before = at;
            if (leaves)
                arrow.Left = y += RowHeight;
            else
                arrow.There = y += ArrivalHeight;
        }
        return y;
    }

    private int X(int lane) => Left + NarrowestLane / 4 + lane * LaneWidth;

    private int LaneWidth =>
        Math.Clamp((Width - Left - NarrowestLane) / Math.Max(1, _lanes.Count - 1), NarrowestLane, WidestLane);

    private void Add(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Arrow(Packet Packet, int From, int To, Instant? Arrived, Packet? LostAs)
    {
        public double Left { get; set; }

        public double There { get; set; }
    }
}

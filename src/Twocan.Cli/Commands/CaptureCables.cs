using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>capture</c>: what crosses these cables while something happens?</summary>
internal sealed class CaptureCables : Verb
{
    private readonly Argument<string[]> _cables = new("CABLE…")
    {
        Description =
            "Where to look: a cable by its ends (pc--home-hub), an adapter (pc:eth0), a machine, a bus, 'all'; with --on-host this machine's adapters",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _while = new("--while")
    {
        Description = "What happens meanwhile: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    private readonly Option<string?> _read = new("--read")
    {
        Description = "Show what stands in a capture file (pcapng or pcap) in place of what crosses cables",
        HelpName = "FILE",
    };

    private readonly Option<bool> _comments = new("--comments")
    {
        Description = "With --read: also what the file says to each frame, such as why it was sent",
    };

    private readonly Option<int?> _count = new("--count", "-c")
    {
        Description = "With --on-host: end after so many frames",
        HelpName = "N",
    };

    private readonly Option<double?> _for = new("--for")
    {
        Description = "With --on-host: end after so many seconds",
        HelpName = "S",
    };

    public CaptureCables()
        : base(
            "capture",
            "Show what crosses cables while something happens, a line for each frame; with --capture also to a file",
            "twocan capture pc--home-hub --while 'ping -c 1 www.lab.cyber.co.kr'",
            "twocan capture home-router--isp isp--ns.isp --while http://www.lab.cyber.co.kr/ --capture isp.pcapng"
        )
    {
        Arguments.Add(_cables);
        Options.Add(_while);
        Options.Add(_read);
        Options.Add(_comments);
        Options.Add(_count);
        Options.Add(_for);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        if (call.Get(_read) is { } path)
        {
            if (call.Get(_cables).Length > 0 || call.Has(_while))
                throw new WrongUsageException("--read shows a file as it is: it goes with neither cables nor --while");
            return CaptureFile.Show(path, call.Get(_comments), call);
        }
        if (call.OnHost)
            return OnHost.OfLinux(
                call,
                [_while, _comments],
                here => HostCapture.Run(here, here.Get(_cables), here.Get(_count), here.Get(_for))
            );
        if (call.Has(_count) || call.Has(_for))
            throw new WrongUsageException("--count and --for end a capture of this machine's adapters: --on-host");
        if (call.Get(_cables).Length == 0 || !call.Has(_while))
            throw new WrongUsageException(
                "say which cables, and what happens meanwhile (--while), or which file to read (--read)"
            );
        using var session = WorldSession.Open(call, journal: true, world => Chosen(world, call));
        var cables = Chosen(session.World, call);
        var errands = Errands.Read(call, _while, session, session.Host);
        var lines = new Lines(cables, call.Terminal);
        using var watch = new CableWatch(session.World, cables, lines.Show);
        var outcomes = errands.Run(call);
        session.Settle();
        if (!call.Json)
        {
            if (watch.Frames > 0)
                call.Terminal.Line();
            Errands.Show(outcomes, call.Terminal);
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{watch.Frames} frames on {cables.Count} {(cables.Count == 1 ? "cable" : "cables")}",
                    $"케이블 {cables.Count}개에서 프레임 {watch.Frames}개"
                )
            );
        }
        return watch.Frames > 0 ? Exit.Done : Exit.No;
    }

    private IReadOnlyList<Cable> Chosen(World world, Invocation call) =>
        WorldSession.CablesOf(world, call.Get(_cables));

    /// <summary>A line for each frame, in columns as wide as what stands in them is as a rule.</summary>
    private sealed class Lines(IReadOnlyList<Cable> cables, Terminal terminal)
    {
        private readonly int _nodes = cables.Max(cable => cable.A.Name.Length + cable.B.Name.Length) + 3;

        public void Show(WatchedFrame frame)
        {
            var seen = frame.Dissection;
            if (terminal.Json)
            {
                terminal.JsonLine(CapturedFrame.Of(frame), CaptureJson.Default.CapturedFrame);
                return;
            }
            var number = $"#{frame.Number}".PadLeft(5);
            var at = (frame.At.Nanoseconds / 1e6).ToString("0.000", CultureInfo.InvariantCulture).PadLeft(10);
            var nodes = $"{frame.From} → {frame.To}".PadRight(_nodes);
            // ARP's own line names both ends.
            var ends = (seen.Protocol == "ARP" ? "" : $"{seen.Source} → {seen.Destination}").PadRight(29);
            Text line =
                $"{number:faint} {at:time}  {nodes:host}  {ends:address}  {seen.Protocol.PadRight(4):strong}  {seen.Summary}";
            if (seen.Problem is { } problem)
                line += $"  {problem:bad}";
            terminal.Line(line);
        }
    }
}

/// <summary>A line of <c>capture --json</c>; the time is the world's, since its beginning.</summary>
internal sealed record CapturedFrame(
    long Number,
    double AtUs,
    string Cable,
    string From,
    string To,
    string Source,
    string Destination,
    string Protocol,
    string Summary,
    int Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem
)
{
    public static CapturedFrame Of(WatchedFrame frame) =>
        new(
            frame.Number,
            frame.At.Nanoseconds / 1e3,
            frame.Cable,
            frame.From,
            frame.To,
            frame.Dissection.Source,
            frame.Dissection.Destination,
            frame.Dissection.Protocol,
            frame.Dissection.Summary,
            frame.Dissection.Frame.Length,
            frame.Dissection.Problem
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CapturedFrame))]
internal sealed partial class CaptureJson : JsonSerializerContext;

using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>capture --on-host</c>: what crosses this machine's adapters, a line a frame, and to a file.</summary>
internal static class HostCapture
{
    public static int Run(Invocation call, IReadOnlyList<string> adapters, int? count, double? seconds)
    {
        if (!OperatingSystem.IsLinux())
            return Exit.Wrong;
        if (count is <= 0)
            throw new WrongUsageException($"--count is 1 or more, not {count}");
        var all = HostTables.Links();
        foreach (var name in adapters.Where(name => name != "all" && all.All(link => link.Name != name)))
            throw new WrongUsageException(
                Nearest.Guess(name, all.Select(link => link.Name)) is { } near
                    ? $"this machine has no adapter '{name}'; did you mean '{near}'?"
                    : $"this machine has no adapter '{name}'; it has {string.Join(", ", all.Select(link => link.Name))}"
            );
        var chosen = all.Where(link => adapters.Count == 0 || adapters.Contains("all") || adapters.Contains(link.Name));
        return Run(call, [.. chosen], count, seconds);
    }

    [SupportedOSPlatform("linux")]
    private static int Run(Invocation call, IReadOnlyList<HostLink> links, int? count, double? seconds)
    {
        using var session = HostSession.OpenForCapture();
        var loop = session.Network.Loop;
        using var file = call.Capture is { } path ? OpenFile(path) : null;
        var lines = new Lines(links, file, loop, call.Terminal);
        var readable = new Signal(loop, "capture", "a frame");
        try
        {
            using var socket = new PacketSocket(loop, readable.Set);
            loop.Run(async () =>
            {
                using var enough = seconds is { } span
                    ? new CancellationTokenSource(TimeSpan.FromSeconds(span), loop.TimeProvider)
                    : new();
                using var end = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, session.Stop);
                while (lines.TakeAll(socket, count))
                {
                    try
                    {
                        await readable.WaitAsync(end.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        break;
                    }
                }
            });
        }
        catch (MissingRightException missing)
        {
            throw new WrongUsageException(missing.Message);
        }
        if (!call.Json)
            call.Terminal.Line(
                call.Terminal.Say($"{lines.Frames} frames on this machine", $"이 컴퓨터에서 프레임 {lines.Frames}개")
            );
        return lines.Frames > 0 ? Exit.Done : Exit.No;
    }

    private static PcapngWriter OpenFile(string path)
    {
        try
        {
            return new(File.Create(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"the capture cannot be written: {failure.Message}");
        }
    }

    [SupportedOSPlatform("linux")]
    private sealed class Lines(IReadOnlyList<HostLink> links, PcapngWriter? file, EventLoop loop, Terminal terminal)
    {
        private readonly Dictionary<int, HostLink> _links = links.ToDictionary(link => link.Index);
        private readonly Dictionary<int, int> _interfaces = links.ToDictionary(
            link => link.Index,
            link => file?.AddInterface(link.Name, fcsLength: 0) ?? 0
        );
        private readonly int _width = links.Max(link => link.Name.Length);

        public long Frames { get; private set; }

        /// <summary>False when that is enough.</summary>
        public bool TakeAll(PacketSocket socket, int? count)
        {
            while (socket.TryTake(out var frame))
            {
                // On the loopback each frame goes out and comes in: once is enough.
                if (!_links.TryGetValue(frame.Link, out var link) || (link.IsLoopback && frame.IsOutgoing))
                    continue;
                Show(link, frame);
                if (Frames == count)
                    return false;
            }
            return true;
        }

        private void Show(HostLink link, in Sockets.HostFrame frame)
        {
            Frames++;
            file?.Write(_interfaces[link.Index], loop.ToDate(Instant.Zero), loop.Now, frame.Bytes);
            var seen = Dissector.Read(frame.Bytes.ToArray(), 0);
            var isOnlyUnfinished =
                frame.IsUnfinished
                && seen.Problem?.EndsWith("checksum does not hold", StringComparison.Ordinal) == true;
            var problem = isOnlyUnfinished ? null : seen.Problem;
            if (terminal.Json)
            {
                terminal.JsonLine(
                    HostFrame.Of(Frames, loop.Now, link.Name, frame.IsOutgoing, seen, problem),
                    HostJson.Default.HostFrame
                );
                return;
            }
            var number = $"#{Frames}".PadLeft(5);
            var at = (loop.Now.Nanoseconds / 1e6).ToString("0.000", CultureInfo.InvariantCulture).PadLeft(10);
            var name = link.Name.PadRight(_width);
            var way = frame.IsOutgoing ? "→" : "←";
            var ends = (seen.Protocol == "ARP" ? "" : $"{seen.Source} → {seen.Destination}").PadRight(29);
            Text line =
                $"{number:faint} {at:time}  {name:host} {way}  {ends:address}  {seen.Protocol.PadRight(4):strong}  {seen.Summary}";
            if (problem is not null)
                line += $"  {problem:bad}";
            terminal.Line(line);
        }
    }
}

/// <summary>A line of <c>capture --on-host --json</c>; the time is since the capture began.</summary>
internal sealed record HostFrame(
    long Number,
    double AtUs,
    string Adapter,
    string Direction,
    string Source,
    string Destination,
    string Protocol,
    string Summary,
    int Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem
)
{
    public static HostFrame Of(
        long number,
        Instant at,
        string adapter,
        bool isOutgoing,
        Dissection seen,
        string? problem
    ) =>
        new(
            number,
            at.Nanoseconds / 1e3,
            adapter,
            isOutgoing ? "out" : "in",
            seen.Source,
            seen.Destination,
            seen.Protocol,
            seen.Summary,
            seen.Frame.Length,
            problem
        );
}

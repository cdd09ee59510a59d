using System.Globalization;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary>How far a body has come, on one line of stderr that is written over again and again; only where a person looks on.</summary>
internal sealed class FetchMeter : IDisposable
{
    private const int BarWidth = 30;
    private static readonly Duration s_interval = Duration.FromMilliseconds(100);

    private readonly Terminal _terminal;
    private readonly EventLoop _loop;
    private readonly long? _whole;
    private readonly string _name;
    private readonly long _had;
    private readonly Instant _began;
    private Instant _next;
    private long _last = -1;

    private FetchMeter(Terminal terminal, EventLoop loop, string name, long had, long? whole)
    {
        (_terminal, _loop, _name, _had, _whole) = (terminal, loop, name, had, whole);
        _began = loop.Now;
    }

    /// <summary>Null where nobody would see it, or the body itself is on the screen.</summary>
    public static FetchMeter? Begin(Invocation call, FetchOptions options, FetchSink sink, long? whole, EventLoop loop)
    {
        var isSilent = call.Json || call.Get(options.Silent) || call.Get(options.Verbose) || call.Get(options.Trace);
        if (isSilent || !call.Terminal.HasMeter || (sink.File is null && call.Terminal.IsScreen))
            return null;
        return new(call.Terminal, loop, Path.GetFileName(sink.File) ?? "", sink.Length, whole);
    }

    public void Show(long length)
    {
        _last = length;
        if (_loop.Now < _next)
            return;
        _next = _loop.Now + s_interval;
        _terminal.Meter(Line(length));
    }

    public void Dispose()
    {
        if (_last >= 0)
            _terminal.Meter(Line(_last) + "\n");
    }

    private string Line(long length)
    {
        var seconds = (_loop.Now - _began).TotalSeconds;
        var rate = seconds > 0 ? (length - _had) / seconds : 0;
        var line = _name.Length > 0 ? $"{_name}  " : "";
        if (_whole is > 0 and var whole)
        {
            var full = (int)Math.Round(Math.Min(1, (double)length / whole) * BarWidth);
            line += $"{new string('━', full)}{new string('╌', BarWidth - full)}  ";
            line += string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * length / whole, 3} %  {Size(length)} / {Size(whole)}"
            );
        }
        else
        {
            line += Size(length);
        }
        line += rate > 0 ? $"  {Size((long)rate)}/s" : "";
        if (_whole > length && rate > 0)
            line += $"  {TimeSpan.FromSeconds(Math.Min((_whole.Value - length) / rate, 359_999)):h\\:mm\\:ss}";
        return line;
    }

    private static string Size(long bytes) =>
        bytes switch
        {
            < 1000 => $"{bytes} B",
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
        };
}

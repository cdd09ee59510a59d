using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>How an errand went.</summary>
public sealed record ErrandOutcome(bool IsDone, Phrase Say);

/// <summary>
/// Something small that somebody in a world does, so that there is something to see: <c>ping www.lab.cyber.co.kr</c>,
/// <c>ping -6 -c 1 www.lab.cyber.co.kr</c>, a URL; with <c>@pc2</c> in front, on that host.
/// </summary>
public sealed class Errand
{
    private const int MaxCount = 10_000;

    private readonly Url? _url;
    private readonly string _target;
    private readonly int _count;
    private readonly IpFamily? _family;

    private Errand(string text, string? host, Url? url, string target, int count, IpFamily? family) =>
        (Text, Host, _url, _target, _count, _family) = (text, host, url, target, count, family);

    /// <summary>As it was said.</summary>
    public string Text { get; }

    /// <summary>On which host, by its name; null is the one who asks.</summary>
    public string? Host { get; }

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Errand? errand,
        [NotNullWhen(false)] out string? wrong
    )
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var host = words is [['@', _, ..], ..] ? words[0][1..] : null;
        (errand, wrong) = (null, null);
        var said = words[(host is null ? 0 : 1)..];
        // -4 and -6 may stand anywhere, as with the verbs of that name.
        IpFamily? family =
            said.Contains("-6") ? IpFamily.V6
            : said.Contains("-4") ? IpFamily.V4
            : null;
        switch (said.Where(static word => word is not ("-4" or "-6")).ToArray())
        {
            case ["ping", var target] when target[0] != '-':
                errand = new(text, host, null, target, new PingSettings().Count, family);
                return true;
            case ["ping", "-c", var number, var target] when target[0] != '-':
                if (
                    !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    || count is < 1 or > MaxCount
                )
                {
                    wrong = $"ping -c takes a number from 1 to {MaxCount}, not '{number}'";
                    return false;
                }
                errand = new(text, host, null, target, count, family);
                return true;
            case [var one] when one.Contains("://", StringComparison.Ordinal):
                if (!Url.TryParse(one, null, out var url, out var why))
                    wrong = $"'{one}' is not a URL: {why}";
                else if (url.Scheme != "http")
                    wrong = $"{url.Scheme} is not spoken yet: only http URLs are fetched";
                else
                    errand = new(text, host, url, one, 1, family);
                return errand is not null;
            default:
                wrong =
                    $"'{text}' cannot be done: say 'ping HOST', 'ping -c N HOST' or a URL, with '-4' or '-6' for one family only, and '@NAME' in front to do it on another host";
                return false;
        }
    }

    /// <summary>Does it on a host of a world that runs.</summary>
    public Task<ErrandOutcome> RunAsync(Host host, CancellationToken stop = default) =>
        ProgramName.RunAsync(_url is null ? "ping" : "browser", () => DoAsync(host, stop));

    private async Task<ErrandOutcome> DoAsync(Host host, CancellationToken stop)
    {
        await host.AddressedAsync(stop);
        var resolver = new StubResolver(host.Network, _family);
        if (_url is not null)
        {
            var browser = new Browser(host.Network, resolver);
            var whole = (await browser.VisitAsync(_url, stop)).IsWhole;
            return new(whole, whole ? new("it came whole", "모두 받았습니다") : new("it failed", "실패했습니다"));
        }
        try
        {
            var target = (await resolver.ResolveAsync(_target, default, stop)).Addresses[0];
            var pinger = new Pinger(host.Network, target, new() { Count = _count });
            var report = await pinger.RunAsync(default, stop);
            stop.ThrowIfCancellationRequested();
            return new(
                report.Received > 0,
                new(
                    $"{report.Received} of {report.Sent} requests answered",
                    $"요청 {report.Sent}개에 응답 {report.Received}개"
                )
            );
        }
        catch (NameResolutionException failure)
        {
            return new(false, failure.Message);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>The options of <c>ping</c>, with the letters that people know from Linux.</summary>
internal sealed class PingOptions
{
    private const int MaxSize = 65507;
    private const int MaxPattern = 16;
    private const double MaxSeconds = 86_400;
    private static readonly PingSettings s_defaults = new();
    private static readonly Duration s_flood = Duration.FromMilliseconds(10);

    private readonly AddressFamily _family;

    private readonly Option<bool> _adaptive = new("--adaptive", "-A")
    {
        Description = "Send the next request as soon as the last one is answered",
    };

    private readonly Option<bool> _broadcast = new("--broadcast", "-b")
    {
        Description = "Ask everybody on the link: HOST is a broadcast address",
    };

    private readonly Option<int> _count = new("--count", "-c")
    {
        Description = "How many requests (default 4)",
        HelpName = "N",
        DefaultValueFactory = _ => s_defaults.Count,
    };

    private readonly Option<bool> _dates = new("--dates", "-D")
    {
        Description = "Begin each line with the world's clock, in seconds since 1970",
    };

    private readonly Option<bool> _flood = new("--flood", "-f")
    {
        Description = "Send as fast as answers come, a hundred a second at least; show a dot for each that stays out",
    };

    private readonly Option<string?> _source = new("--source", "-I")
    {
        Description = "Send from this address of mine, or from that of this adapter",
        HelpName = "ADDRESS|ADAPTER",
    };

    private readonly Option<double> _interval = new("--interval", "-i")
    {
        Description = "Seconds from one to the next, of the world's time (default 1)",
        HelpName = "S",
        DefaultValueFactory = _ => s_defaults.Interval.TotalSeconds,
    };

    private readonly Option<int> _preload = new("--preload", "-l")
    {
        Description = "Send so many at once before waiting for the first answer",
        HelpName = "N",
        DefaultValueFactory = _ => s_defaults.Preload,
    };

    private readonly Option<string> _pathMtu = new("--path-mtu", "-M")
    {
        Description =
            "What is too long for a link on the way: is refused (do), is cut here once that is known (want), is cut by routers (dont: the default)",
        HelpName = "do|want|dont",
        DefaultValueFactory = _ => "dont",
    };

    private readonly Option<bool> _numeric = new("--numeric", "-n") { Description = "Show addresses without names" };

    private readonly Option<bool> _outstanding = new("--outstanding", "-O")
    {
        Description = "Say so when a request has no answer yet and the next one is sent",
    };

    private readonly Option<string?> _pattern = new("--pattern", "-p")
    {
        Description = "Up to 16 bytes, in hexadecimal, that the data repeats",
        HelpName = "HEX",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show only the summary" };

    private readonly Option<int> _size = new("--size", "-s")
    {
        Description = "Bytes of data in each (default 56)",
        HelpName = "BYTES",
        DefaultValueFactory = _ => s_defaults.Size,
    };

    private readonly Option<int> _ttl = new("--ttl", "-t")
    {
        Description = "How many hosts may pass it on, and one more (default 64)",
        HelpName = "N",
        DefaultValueFactory = _ => s_defaults.TimeToLive,
    };

    private readonly Option<double?> _deadline = new("--deadline", "-w")
    {
        Description = "Seconds until all ends; until then it sends on until so many requests are answered as -c says",
        HelpName = "S",
    };

    private readonly Option<double> _patience = new("--timeout", "-W")
    {
        Description = "Seconds to wait for replies after the last request (default 5)",
        HelpName = "S",
        DefaultValueFactory = _ => s_defaults.Patience.TotalSeconds,
    };

    public PingOptions(Verb verb)
    {
        _family = AddressFamily.AddTo(verb);
        foreach (
            var option in (Option[])
                [
                    _adaptive,
                    _broadcast,
                    _count,
                    _dates,
                    _flood,
                    _source,
                    _interval,
                    _preload,
                    _pathMtu,
                    _numeric,
                    _outstanding,
                    _pattern,
                    _quiet,
                    _size,
                    _ttl,
                    _deadline,
                    _patience,
                ]
        )
            verb.Options.Add(option);
    }

    public IpFamily? Family(Invocation call) => _family.Of(call);

    public PingSettings Settings(Invocation call)
    {
        var deadline = Deadline(call);
        return new()
        {
            // Who says only how long wants as many as fit.
            Count =
                deadline is not null && !call.Has(_count)
                    ? PingSettings.MaxCount
                    : call.GetWithin(_count, 1, PingSettings.MaxCount),
            Interval =
                call.Get(_flood) && !call.Has(_interval)
                    ? s_flood
                    : Duration.FromSeconds(call.GetWithin(_interval, 0, MaxSeconds)),
            Adapts = call.Get(_adaptive) || call.Get(_flood),
            Preload = call.GetWithin(_preload, 1, PingSettings.MaxCount),
            Size = call.GetWithin(_size, 0, MaxSize),
            Pattern = Pattern(call.Get(_pattern)),
            TimeToLive = (byte)call.GetWithin(_ttl, 1, 255),
            Patience = Duration.FromSeconds(call.GetWithin(_patience, 0, MaxSeconds)),
            Deadline = deadline,
            PathMtu = PathMtu(call.Get(_pathMtu)),
            MayBroadcast = call.Get(_broadcast),
        };
    }

    public PingStyle Style(Invocation call) =>
        new(
            Quiet: call.Get(_quiet) || call.Get(_flood),
            Dots: call.Get(_flood),
            Dates: call.Get(_dates),
            Numeric: call.Get(_numeric),
            Outstanding: call.Get(_outstanding)
        );

    /// <summary>An adapter is named by its first address of the target's kind: the host's routes choose the adapter.</summary>
    public IpAddress? Source(Invocation call, Session session, IpAddress target)
    {
        if (call.Get(_source) is not { } name)
            return null;
        if (IpAddress.TryParse(name, out var address))
            return session.Addresses.Any(mine => mine.Address == address)
                ? address
                : throw new WrongUsageException(
                    $"-I: {address} is no address of {session.Network.Name}, which has {string.Join(", ", session.Addresses.Select(mine => mine.Address))}"
                );
        return
            session
                .Addresses.Where(mine => mine.Adapter == name && IsFor(target, mine.Address))
                .Select(mine => (IpAddress?)mine.Address)
                .FirstOrDefault()
                is { } first
            ? first
            : throw new WrongUsageException(
                $"-I: {session.Network.Name} has no adapter '{name}' with an address; there is {string.Join(", ", session.Addresses.Select(mine => mine.Adapter).Distinct())}"
            );
    }

    private static bool IsFor(IpAddress target, IpAddress mine) =>
        mine.Family == target.Family && (mine.IsV4 || mine.IsLinkLocal == target.IsLinkLocal);

    private Duration? Deadline(Invocation call)
    {
        if (call.Get(_deadline) is not { } seconds)
            return null;
        return seconds is > 0 and <= MaxSeconds
            ? Duration.FromSeconds(seconds)
            : throw new WrongUsageException($"--deadline is more than 0 and at most {MaxSeconds}, not {seconds}");
    }

    private static PathMtuDiscovery PathMtu(string word) =>
        word switch
        {
            "do" => PathMtuDiscovery.Do,
            "want" => PathMtuDiscovery.Want,
            "dont" => PathMtuDiscovery.Dont,
            _ => throw new WrongUsageException($"--path-mtu is do, want or dont, not '{word}'"),
        };

    private static byte[] Pattern(string? digits)
    {
        if (digits is null)
            return [];
        // As it is with Linux: a last digit that stands alone is a byte.
        var padded = digits.Length % 2 == 0 ? digits : digits[..^1] + "0" + digits[^1];
        return padded.Length is > 0 and <= 2 * MaxPattern && padded.All(digit => char.IsAsciiHexDigit(digit))
            ? Convert.FromHexString(padded)
            : throw new WrongUsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--pattern is 1 to {MaxPattern} bytes in hexadecimal, such as ff00, not '{digits}'"
                )
            );
    }
}

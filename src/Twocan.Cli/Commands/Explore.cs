using System.CommandLine;
using System.Globalization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Http;
using Twocan.Worlds;
using Document = Twocan.Explorer.Document;

namespace Twocan.Cli;

/// <summary><c>explore</c>: one URL from Enter to the picture and the last socket gone, told as a journey.</summary>
internal sealed class Explore : Verb
{
    private const int MaxTimes = 1000;

    private readonly Argument<string> _url = new("URL") { Description = "What is typed before Enter is pressed" };

    private readonly Option<Depth> _depth = new("--depth")
    {
        Description = "How much is told: the story, or what each layer of each node did as well, or one frame's bytes",
        HelpName = "story|layers|bytes",
    };

    private readonly Option<int?> _packet = new("--packet")
    {
        Description = "Show every header field of frame N, with its place, its bytes, its value and its meaning",
        HelpName = "N",
    };

    private readonly Option<int?> _follow = new("--follow")
    {
        Description = "Follow frame N across every hop: what each node looked up, what it changed",
        HelpName = "N",
    };

    private readonly Option<int?> _why = new("--why")
    {
        Description = "Climb from frame N through its causes, across hosts, up to the click",
        HelpName = "N",
    };

    private readonly Option<string?> _via = new("--via")
    {
        Description = "Ask this proxy in place of the servers (its port: 3128 if none is given)",
        HelpName = "PROXY[:PORT]",
    };

    private readonly Option<int> _times = new("--times")
    {
        Description = "Press Enter so many times, one after the other",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string[]> _faults = new("--fault")
    {
        Description =
            "Let something go wrong: 'loss 20% pc--home-hub', 'jitter 5ms pc->home-hub', 'reorder 10% by 5ms …', 'duplicate 5% …', 'corrupt 1% …', 'rate 1 Mbit/s …', 'cut isp--backbone at 40ms for 2s', 'crash ns.isp for 1s' (may be repeated; all of them: docs/worlds.md)",
        HelpName = "SENTENCE",
    };

    private readonly Option<string[]> _captureLinks = new("--capture-link")
    {
        Description =
            "Capture this cable, or adapter (isp:eth0), in place of my host's own (may be repeated; 'all' captures every cable)",
        HelpName = "CABLE",
    };

    private readonly Option<string?> _html = new("--html")
    {
        Description =
            "Write the journey as a web page of one file: the story, a map, every frame with its bytes and reasons",
        HelpName = "FILE.html",
    };

    private readonly Option<bool> _compare = new("--compare")
    {
        Description = "Make the journey a second time without the faults, and put both beside each other",
    };

    private readonly Option<bool> _insecure = new("--insecure", "-k")
    {
        Description = "Believe any certificate (https, which is for --on-host)",
    };

    private readonly AddressFamily _family;

    public Explore()
        : base(
            "explore",
            "Fetch a page and tell its journey: URL, request, name servers, socket, ARP, handshake, hops, response, pictures, goodbye",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm --follow 103",
            "twocan explore -6 http://www.lab.cyber.co.kr/sample1.htm",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm --fault 'loss 20% pc--home-hub' --seed 7",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm --fault 'loss 30% pc--home-hub' --compare",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm --via proxy.home --times 2",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm --html journey.html",
            "twocan explore http://www.lab.cyber.co.kr/sample1.htm --lang ko --capture page.pcapng"
        )
    {
        Arguments.Add(_url);
        foreach (
            var option in (Option[])
                [_depth, _packet, _follow, _why, _via, _times, _faults, _captureLinks, _html, _compare, _insecure]
        )
            Options.Add(option);
        _family = AddressFamily.AddTo(this);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        var url = UrlOf(call.Get(_url), call.OnHost);
        var proxy = call.Get(_via) is { } via ? ProxyOf(via) : null;
        var family = _family.Of(call);
        var times = call.Get(_times);
        if (times is < 1 or > MaxTimes)
            throw new WrongUsageException($"--times is a number from 1 to {MaxTimes}, not {times}");
        if (call.Has(_captureLinks) && call.Capture is null)
            throw new WrongUsageException(
                "--capture-link says which cables --capture FILE.pcapng is to show: name the file too"
            );
        ThrowIfNothingToCompare(call);
        if (call.OnHost)
            return RunOnHost(call, url, proxy, times);
        if (call.Has(_insecure))
            throw new WrongUsageException("--insecure is about https, which is explored with --on-host");
        using var session = WorldSession.Open(call, journal: true, world => Captured(world, call));
        BeginFaults(session, call.Get(_faults));
        Journey Go(WorldSession there) =>
            new Exploration(there.World, there.Host, url, proxy, times)
            {
                Rest = there.Rest,
                Family = family,
                KeepsScreen = call.Get(_html) is not null,
            }
                .RunAsync(there.Stop)
                .GetAwaiter()
                .GetResult();
        var journey = Go(session);
        if (call.Get(_compare))
        {
            using var healthy = WorldSession.Open(call, journal: true, captures: false);
            Answer(call, session, journey, new Comparison(Go(healthy), journey));
        }
        else
        {
            Answer(call, session, journey, null);
        }
        return journey.IsWhole ? Exit.Done : Exit.No;
    }

    /// <summary>This machine's cables belong to nobody's world: no faults there, and no frames to look at.</summary>
    private int RunOnHost(Invocation call, Url url, ProxyAddress? proxy, int times)
    {
        foreach (var option in (Option[])[_faults, _compare, _packet, _follow, _why, _captureLinks])
            if (call.Has(option))
                throw new WrongUsageException(
                    $"{option.Name} is about the cables of a world; of this machine's own network only what programs see is known: leave --on-host out"
                );
        if (call.Get(_depth) == Depth.Bytes)
            throw new WrongUsageException("--depth bytes shows a frame, and this machine's frames are not ours to see");
        using var session = HostSession.Open(call, journal: true);
        var exploration = new HostExploration(session.Machine, session.Journal!, url, proxy, times)
        {
            Family = _family.Of(call),
            Language = call.Language,
            KeepsScreen = call.Get(_html) is not null,
            Tls = new() { AcceptsAnybody = call.Get(_insecure) },
        };
        var journey = session.Run(exploration.RunAsync);
        Answer(call, session, journey, null);
        return journey.IsWhole ? Exit.Done : Exit.No;
    }

    private void Answer(Invocation call, Session session, Journey journey, Comparison? both)
    {
        JourneyReport Report(Journey one) => JourneyReporter.Report(one, session.Network.Loop);
        if (!call.Json)
            call.Terminal.Write(both is null ? Tell(call, journey) : ComparisonWriter.Write(both, call.Language));
        else if (both is null)
            call.Terminal.JsonLine(Report(journey), JourneyJson.Default.JourneyReport);
        else
            call.Terminal.JsonLine(
                ComparisonReport.Of(both, Report(both.Healthy), Report(journey)),
                JourneyJson.Default.ComparisonReport
            );
        if (call.Get(_html) is { } page)
            WritePage(call, page, journey, both, (session as WorldSession)?.World);
    }

    private void ThrowIfNothingToCompare(Invocation call)
    {
        if (!call.Get(_compare))
            return;
        if (call.Get(_faults).Length == 0)
            throw new WrongUsageException(
                "--compare puts a journey with faults beside one without: say --fault SENTENCE"
            );
        if (call.Living is not null)
            throw new WrongUsageException(
                "--compare begins two worlds from one seed, and this one lives already: say it outside of the shell"
            );
        if (call.Has(_packet) || call.Has(_follow) || call.Has(_why))
            throw new WrongUsageException("--compare looks at whole journeys: --packet, --follow and --why at one");
    }

    private Document Tell(Invocation call, Journey journey)
    {
        if (call.Get(_why) is { } why)
            return PacketWriter.Why(journey, Chosen(journey, why), call.Language);
        if (call.Get(_follow) is { } follow)
            return PacketWriter.Follow(journey, Chosen(journey, follow), call.Language);
        if (call.Get(_packet) is { } number)
            return PacketWriter.Bytes(journey, Chosen(journey, number), call.Language);
        if (call.Get(_depth) != Depth.Bytes)
            return StoryWriter.Write(journey, call.Language, call.Get(_depth));
        // The frame that people want to see first: the one that carries the request.
        var first = journey.Packets.FirstOrDefault(static packet => packet.Dissection.Http is not null);
        return PacketWriter.Bytes(journey, first ?? Chosen(journey, 1), call.Language);
    }

    private void WritePage(Invocation call, string path, Journey journey, Comparison? both, World? world)
    {
        var map = world is null ? null : SvgAtlas.Draw(world, call.WorldFile ?? WorldLibrary.Default);
        var depth = call.Get(_depth) == Depth.Layers ? Depth.Layers : Depth.Story;
        Written.To(path, JourneyPage.Write(journey, call.Language, depth, map, both), "the page");
        if (call.Json)
            return;
        call.Terminal.Line();
        call.Terminal.Line(call.Terminal.Say($"The page is in {path}", $"페이지를 {path}에 저장했습니다"));
    }

    private static Packet Chosen(Journey journey, int number) =>
        journey.Packet(number)
        ?? throw new WrongUsageException($"there is no frame {number}: this journey has 1 to {journey.Packets.Count}");

    /// <summary>As in a browser, <c>http://</c> may be left out.</summary>
    private static Url UrlOf(string text, bool isOnHost)
    {
        if (!Url.TryParseTyped(text, out var url, out var why))
            throw new WrongUsageException($"'{text}' is not a URL that can be explored: {why}");
        return url.Scheme switch
        {
            "http" => url,
            "https" when isOnHost => url,
            "https" => throw new WrongUsageException(
                "https is explored on this machine's own network only (--on-host): TLS draws its secrets from the operating system, so in a world the bytes of one run would not be those of the next"
            ),
            _ => throw new WrongUsageException($"{url.Scheme} is not spoken here: explore takes http and https URLs"),
        };
    }

    private static ProxyAddress ProxyOf(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return new(text, Port.HttpProxy);
        return
            colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new(text[..colon], new(port))
            : throw new WrongUsageException($"'{text}' is not a proxy: PROXY or PROXY:PORT, such as proxy.home:3128");
    }

    private static void BeginFaults(WorldSession session, string[] sentences)
    {
        try
        {
            // Said before the click, and so at the same moment: 'at 40ms' is 40 ms after Enter.
            foreach (var sentence in sentences)
            {
                if (!FaultSentence.TryParse(sentence, out var fault, out var error))
                    throw new WrongUsageException($"--fault: {error}");
                if (fault.Hosts.Contains(session.Host.Name, StringComparer.Ordinal))
                    throw new WrongUsageException(
                        $"--fault: {session.Host.Name} is where the browser runs, and a journey that nobody survives cannot be told: let another host crash"
                    );
                session.World.Fault(fault);
            }
        }
        catch (FaultSentenceException wrong)
        {
            throw new WrongUsageException($"--fault: {wrong.Message}");
        }
    }

    /// <summary>
    /// Null is my host's own: there each segment is seen once. On several cables of its way it is seen several times, which
    /// Wireshark takes for retransmissions.
    /// </summary>
    private IEnumerable<Cable>? Captured(World world, Invocation call)
    {
        var names = call.Get(_captureLinks);
        if (names.Length == 0)
            return null;
        // Found before the file is made: a mistake in a name leaves no file behind.
        return WorldSession.CablesOf(world, names);
    }
}

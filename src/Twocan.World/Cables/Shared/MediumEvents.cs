using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>What a station goes through until its frame is on a shared wire. It stands between a frame and what it is sent for.</summary>
public interface IMediumEvent : IJournalEvent
{
    Layer IJournalEvent.Layer => Layer.Wire;
}

/// <summary>Carrier sense: somebody else speaks, so the station waits.</summary>
public readonly record struct FrameDeferred(string Link) : IMediumEvent
{
    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Link}에서 다른 쪽이 말하고 있으므로 조용해질 때까지 기다립니다"
            : $"hears somebody speak on {Link}, and waits until there is silence";
}

/// <summary>The wire is silent, the first bit leaves. Whether it becomes a frame is not said yet.</summary>
public readonly record struct FrameBegun(string Link, int Length, int Attempt) : IMediumEvent
{
    public string Say(Language language) =>
        (language, Attempt) switch
        {
            (Language.Korean, 1) => $"{Link}이(가) 조용하므로 {Length}바이트를 보내기 시작합니다",
            (Language.Korean, _) => $"{Link}에 {Length}바이트를 다시 보내기 시작합니다({Attempt}번째 시도)",
            (_, 1) => $"hears nobody on {Link} and begins to send {Length} bytes",
            _ => $"begins anew to send {Length} bytes on {Link} (attempt {Attempt})",
        };
}

/// <summary>Collision detection: the station hears somebody else while it speaks.</summary>
public readonly record struct CollisionDetected(string Link, bool Late) : IMediumEvent
{
    public string Say(Language language) =>
        (language, Late) switch
        {
            (Language.Korean, false) => $"{Link}에서 말하는 도중에 다른 쪽의 말이 들립니다. 충돌입니다",
            (Language.Korean, true) =>
                $"{Link}에서 한참 말한 뒤에야 다른 쪽의 말이 들립니다. 늦은 충돌이며, 선이 너무 깁니다",
            (_, false) => $"hears somebody else while it speaks on {Link}: a collision",
            (_, true) =>
                $"hears somebody else on {Link} long after it began to speak: a late collision, the wire is too long",
        };
}

/// <summary>Truncated binary exponential back-off: how long the station is silent, by the luck of the draw.</summary>
public readonly record struct BackedOff(string Link, int Attempt, int Slots, Duration For) : IMediumEvent
{
    public string Say(Language language)
    {
        var range = (1 << Math.Min(Attempt, 10)) - 1;
        return language == Language.Korean
            ? $"0부터 {range}까지에서 {Slots}을(를) 뽑아 {For} 동안 {Link}에서 조용히 있습니다"
            : $"draws {Slots} from 0 to {range}, and is silent on {Link} for {For}";
    }
}

/// <summary>What is left of frames that met, for who hears it: some bits of the one, then noise.</summary>
public readonly record struct FragmentHeard(string Link, int Length) : IMediumEvent
{
    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Link}에서 충돌한 프레임의 조각 {Length}바이트가 들립니다"
            : $"hears a collision on {Link}: {Length} bytes that are no frame";
}

/// <summary>Two signals meet in a hub, and become noise on all its cables.</summary>
public readonly record struct CollisionInHub(string FirstPort, string SecondPort) : IMediumEvent
{
    public string Say(Language language) =>
        language == Language.Korean
            ? $"{FirstPort}의 신호와 {SecondPort}의 신호가 허브 안에서 부딪힙니다"
            : $"the signals from {FirstPort} and {SecondPort} collide in the hub";
}

/// <summary>A frame ran along a bus, past everybody.</summary>
public readonly record struct BusCarried(string InPort, int OutPorts) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{InPort}에서 온 신호가 버스를 따라 양쪽 끝까지 흐르며 다른 {OutPorts}곳에서 모두 들립니다"
            : $"the signal from {InPort} runs along the bus to both its ends, past {OutPorts} others";
}

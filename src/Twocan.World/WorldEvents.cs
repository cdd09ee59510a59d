using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// A frame begins to leave a node for a cable: the moment that a capture of the cable shows. Its cause is the packet
/// (or, at a hub, a switch, a router: the frame before it) that it carries on.
/// </summary>
public readonly record struct FrameSent(string Link, string From, string To, ReadOnlyMemory<byte> Bytes) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Link} 케이블로 {Bytes.Length}바이트 프레임이 나갑니다"
            : $"puts a frame of {Bytes.Length} bytes on {Link}";
}

/// <summary>The frame's last bit has arrived at the other end.</summary>
public readonly record struct FrameArrived(string Link, string From, string To, int Length) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean ? $"{Link} 케이블에서 프레임이 도착했습니다" : $"gets the frame from {Link}";
}

/// <summary>Why a cable did not deliver a frame.</summary>
public enum LossReason
{
    /// <summary>The cable loses a share of its frames, and this was one of them.</summary>
    Loss,

    /// <summary>The cable is cut.</summary>
    Cut,

    /// <summary>Too many frames waited for the cable already.</summary>
    QueueFull,

    /// <summary>The frame is longer than the cable's MTU allows.</summary>
    TooLong,

    /// <summary>The machine that it was for, or in which it waited, is dead.</summary>
    HostDown,

    /// <summary>It met another frame on a wire that both shared, too late for its sender to notice.</summary>
    Collision,

    /// <summary>Its sender has tried 16 times, and each time somebody else was speaking too.</summary>
    ExcessiveCollisions,

    /// <summary>At 1 Gbit/s: a collision so late that there is no second try.</summary>
    LateCollision,

    /// <summary>It waited for too long in a queue that is watched (CoDel).</summary>
    QueueTooSlow,
}

/// <summary>The cable did not deliver a frame.</summary>
public readonly record struct FrameLost(string Link, string From, string To, LossReason Why) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        (language, Why) switch
        {
            (Language.Korean, LossReason.Cut) => $"{Link} 케이블이 끊겨 프레임이 도착하지 못합니다",
            (Language.Korean, LossReason.QueueFull) =>
                $"{Link} 앞에 프레임이 너무 많이 기다리고 있어 이 프레임을 버립니다",
            (Language.Korean, LossReason.TooLong) => $"프레임이 너무 길어 {Link} 케이블에 실을 수 없습니다",
            (Language.Korean, LossReason.HostDown) => $"{Link} 케이블의 기계가 꺼져 있어 프레임이 사라집니다",
            (Language.Korean, LossReason.Collision) =>
                $"{Link} 케이블에서 프레임이 다른 프레임과 부딪혀 사라지지만 보낸 쪽은 모릅니다",
            (Language.Korean, LossReason.ExcessiveCollisions) =>
                $"{Link} 케이블에서 16번 모두 충돌하여 이 프레임을 포기합니다",
            (Language.Korean, LossReason.LateCollision) =>
                $"{Link} 케이블에서 너무 늦게 충돌하여 이 프레임을 포기합니다",
            (Language.Korean, LossReason.QueueTooSlow) =>
                $"{Link} 앞의 큐에서 너무 오래 기다린 프레임을 버려 보내는 쪽이 늦추게 합니다(CoDel)",
            (Language.Korean, _) => $"{Link} 케이블에서 프레임을 잃어버립니다",
            (_, LossReason.Cut) => $"loses the frame: {Link} is cut",
            (_, LossReason.QueueFull) => $"throws the frame away: too many wait for {Link} already",
            (_, LossReason.TooLong) => $"throws the frame away: it is too long for {Link}",
            (_, LossReason.HostDown) => $"loses the frame: a machine at {Link} is dead",
            (_, LossReason.Collision) => $"loses the frame on {Link}: it met another, and its sender does not know",
            (_, LossReason.ExcessiveCollisions) => $"gives the frame up: 16 collisions in a row on {Link}",
            (_, LossReason.LateCollision) => $"gives the frame up: a collision on {Link} that came too late",
            (_, LossReason.QueueTooSlow) =>
                $"throws the frame away: it waited too long for {Link}, and its sender shall slow down (CoDel)",
            _ => $"loses the frame somewhere on {Link}",
        };
}

/// <summary>A bit of a frame flips on the way; counted from the frame's first.</summary>
public readonly record struct FrameDamaged(string Link, string From, string To, int Bit) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Link} 케이블에서 프레임의 {Bit + 1}번째 비트가 뒤집힙니다"
            : $"bit {Bit + 1} of the frame flips on {Link}";
}

/// <summary>A frame will arrive twice.</summary>
public readonly record struct FrameDoubled(string Link, string From, string To) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Link} 케이블에서 프레임이 둘로 늘어납니다"
            : $"the frame becomes two on {Link}";
}

/// <summary>A frame is held back on the way, and those behind it may overtake.</summary>
public readonly record struct FrameHeldBack(string Link, string From, string To, Duration By) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Link} 케이블에서 프레임이 {By} 동안 붙들려 뒤따르는 프레임이 앞지릅니다"
            : $"the frame is held back on {Link} for {By}: those behind it may overtake";
}

/// <summary>A hub repeats a frame to all its other ports.</summary>
public readonly record struct HubRepeated(string InPort, int OutPorts) : IJournalEvent
{
    public Layer Layer => Layer.Ethernet;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"허브는 {InPort}에서 온 신호를 다른 포트 {OutPorts}개로 그대로 되풀이합니다"
            : $"repeats what came from {InPort} to its {OutPorts} other ports";
}

/// <summary>A switch looked the destination up (<c>Known</c>) or floods the frame because it does not know it.</summary>
public readonly record struct SwitchForwarded(MacAddress Destination, bool Known, string InPort, string OutPorts)
    : IJournalEvent
{
    public Layer Layer => Layer.Ethernet;

    public string Say(Language language) =>
        (language, Known) switch
        {
            (Language.Korean, true) => $"스위치의 MAC 표에 {Destination}은(는) {OutPorts} 쪽입니다",
            (Language.Korean, false) => $"{Destination}은(는) MAC 표에 없어 {OutPorts}(으)로 모두 내보냅니다",
            (_, true) => $"finds {Destination} behind {OutPorts} in its table",
            (_, false) => $"does not know {Destination}, so sends it out of {OutPorts}",
        };
}

public readonly record struct SwitchLearned(MacAddress Address, string Port) : IJournalEvent
{
    public Layer Layer => Layer.Ethernet;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Address}은(는) {Port} 쪽에 있다고 적습니다"
            : $"learns that {Address} is behind {Port}";
}

/// <summary>A switch does not pass on what was damaged on the way to it.</summary>
public readonly record struct SwitchDropped(string InPort) : IJournalEvent
{
    public Layer Layer => Layer.Ethernet;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{InPort}에서 온 프레임은 검사값(FCS)이 맞지 않아 스위치가 버립니다"
            : $"drops what came from {InPort}: its check sequence does not match";
}

public readonly record struct FaultBegan(string Fault) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) =>
        language == Language.Korean ? $"장애 시작: {Fault}" : $"fault begins: {Fault}";
}

public readonly record struct FaultEnded(string Fault) : IJournalEvent
{
    public Layer Layer => Layer.Wire;

    public string Say(Language language) => language == Language.Korean ? $"장애 끝: {Fault}" : $"fault ends: {Fault}";
}

using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The link is asked whether somebody has an address already.</summary>
public readonly record struct AddressProbed(string Adapter, IpAddress Address, int Attempt) : IJournalEvent
{
    public Layer Layer => NeighbourWords.LayerOf(Address);

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Address}{Korean.Object(Address.ToString())} 쓰는 호스트가 이미 있는지 묻습니다 ({Adapter}, {Attempt}번째)"
            : $"asks whether anybody has {Address} already ({Adapter}, attempt {Attempt})";
}

/// <summary>Nobody has answered for an address: it belongs to this host from now on.</summary>
public readonly record struct AddressAcquired(string Adapter, InterfaceAddress Address) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"아무도 쓰지 않는 주소이므로 이제 {Adapter}의 주소는 {Address}입니다"
            : $"takes {Address} for {Adapter}: nobody else has it";
}

/// <summary>Somebody else has the address that this host wanted.</summary>
public readonly record struct AddressTaken(string Adapter, IpAddress Address) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Address}{Korean.Topic(Address.ToString())} 다른 호스트가 이미 쓰고 있어 {Adapter}에서 쓰지 않습니다"
            : $"does not take {Address} for {Adapter}: somebody else has it";
}

/// <summary>Somebody else speaks as if an address of this host were his.</summary>
public readonly record struct AddressConflict(string Adapter, IpAddress Address, MacAddress By, bool IsDefended)
    : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"주소 충돌: {By}도 {Address}{Korean.Object(Address.ToString())} 씁니다"
                + (IsDefended ? ". 내 주소라고 알립니다" : "")
            : $"notices a conflict: {By} uses {Address} too" + (IsDefended ? ", and says again whose it is" : "");
}

/// <summary>A lifetime of an address is over.</summary>
public readonly record struct AddressAged(string Adapter, IpAddress Address, bool IsGone) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        (language, IsGone) switch
        {
            (Language.Korean, true) => $"{Address}의 유효 기간이 끝나 {Adapter}에서 지웁니다",
            (Language.Korean, false) => $"{Address}의 선호 기간이 끝나 새 통신에는 쓰지 않습니다 ({Adapter})",
            (_, true) => $"gives {Address} up ({Adapter}): its valid lifetime is over",
            _ => $"begins nothing new with {Address} ({Adapter}): its preferred lifetime is over",
        };
}

/// <summary>A router has told how one lives on this link.</summary>
public readonly record struct RouterHeard(string Adapter, IpAddress Router, int Lifetime, int Prefixes) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"라우터 {Router}의 광고를 듣습니다 ({Adapter}, 프리픽스 {Prefixes}개, 기본 라우터 수명 {Lifetime}초)"
            : $"hears router {Router} ({Adapter}): {Prefixes} prefixes, a default router for {Lifetime} s";
}

/// <summary>A router tells how one lives on its link.</summary>
public readonly record struct RouterAdvertised(string Adapter, int Prefixes, bool IsAnswer) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        (language, IsAnswer) switch
        {
            (Language.Korean, true) =>
                $"묻는 호스트에게 답하여 라우터임을 광고합니다 ({Adapter}, 프리픽스 {Prefixes}개)",
            (Language.Korean, false) => $"라우터임을 정기적으로 광고합니다 ({Adapter}, 프리픽스 {Prefixes}개)",
            (_, true) => $"answers who looks for a router ({Adapter}): advertises {Prefixes} prefixes",
            _ => $"advertises itself as a router ({Adapter}): {Prefixes} prefixes",
        };
}

/// <summary>A host asks for routers.</summary>
public readonly record struct RouterSolicited(string Adapter, int Attempt) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"이 링크에 라우터가 있는지 묻습니다 ({Adapter}, {Attempt}번째)"
            : $"asks whether there is a router on the link ({Adapter}, attempt {Attempt})";
}

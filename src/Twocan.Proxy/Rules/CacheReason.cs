using Twocan.Core;

namespace Twocan.Proxy;

/// <summary>Why the cache does what it does: each can be said as a sentence.</summary>
public enum CacheReason
{
    // Why a stored response is served.
    Fresh,
    StaleButAccepted,
    StaleButOriginFails,
    Revalidated,

    // Why the origin is asked.
    NothingStored,
    OtherVariant,
    Stale,
    StaleAndMustRevalidate,
    OriginWantsCheck,
    ClientWantsCheck,
    TooOldForClient,
    NotFreshEnoughForClient,
    NotGetOrHead,
    HasBody,
    HasLogin,
    WantsRange,
    HasCondition,
    StoredIsGone,

    // Why neither.
    OnlyIfCached,

    // Why a response is stored: where its lifetime comes from.
    LifetimeShared,
    LifetimeMaxAge,
    LifetimeExpires,
    LifetimeHeuristic,
    LifetimeNone,
    Unchanged,

    // Why it is not.
    NotGet,
    NotFinal,
    IsPart,
    StatusNotCacheable,
    StatusNotUnderstood,
    OriginForbidsStore,
    ClientForbidsStore,
    Private,
    LoginWithoutPermission,
    VariesOnEverything,
    NothingToGoBy,
    TooLarge,
    Incomplete,
    StoreFailed,
}

public static class CacheReasons
{
    extension(CacheReason reason)
    {
        /// <summary>The reason as a sentence (no full stop).</summary>
        public string Say(Language language) => language == Language.Korean ? reason.Korean : reason.English;

        private string English =>
            reason switch
            {
                CacheReason.Fresh => "it is stored and still fresh",
                CacheReason.StaleButAccepted => "it has expired, but the client accepts that",
                CacheReason.StaleButOriginFails => "it has expired, but the origin cannot be reached and allows this",
                CacheReason.Revalidated => "the origin has just said that it is unchanged",
                CacheReason.NothingStored => "nothing is stored for this URL",
                CacheReason.OtherVariant => "what is stored was made for other request fields (Vary)",
                CacheReason.Stale => "what is stored has expired",
                CacheReason.StaleAndMustRevalidate =>
                    "what is stored has expired and must be checked (must-revalidate)",
                CacheReason.OriginWantsCheck => "the origin wants it checked each time (no-cache)",
                CacheReason.ClientWantsCheck => "the client wants it checked (no-cache)",
                CacheReason.TooOldForClient => "what is stored is older than the client accepts (max-age)",
                CacheReason.NotFreshEnoughForClient =>
                    "what is stored will not stay fresh as long as the client wants (min-fresh)",
                CacheReason.NotGetOrHead => "only GET and HEAD are answered from a store",
                CacheReason.HasBody => "the request has a body, which may change the answer",
                CacheReason.HasLogin => "the request carries a login (Authorization)",
                CacheReason.WantsRange => "only a part is asked for (Range)",
                CacheReason.HasCondition => "the request makes a condition that only the origin can judge",
                CacheReason.StoredIsGone => "what was stored is gone or damaged",
                CacheReason.OnlyIfCached => "the client takes it from the store or not at all (only-if-cached)",
                CacheReason.LifetimeShared => "the origin says how long shared caches may keep it (s-maxage)",
                CacheReason.LifetimeMaxAge => "the origin says how long it is good (max-age)",
                CacheReason.LifetimeExpires => "the origin says until when it is good (Expires)",
                CacheReason.LifetimeHeuristic =>
                    "it has not changed for long, so it will be good for a tenth of that time",
                CacheReason.LifetimeNone => "nobody says how long it is good, so it will be checked each time",
                CacheReason.Unchanged => "the origin says that it is unchanged (304)",
                CacheReason.NotGet => "only answers to GET are stored",
                CacheReason.NotFinal => "it is not the final answer",
                CacheReason.IsPart => "it is only a part of the whole (206)",
                CacheReason.StatusNotCacheable => "nothing allows to store an answer with this status",
                CacheReason.StatusNotUnderstood => "only who understands this status may store it (must-understand)",
                CacheReason.OriginForbidsStore => "the origin forbids it (no-store)",
                CacheReason.ClientForbidsStore => "the client forbids it (no-store)",
                CacheReason.Private => "it is meant for one user only (private)",
                CacheReason.LoginWithoutPermission => "it answers a login, and the origin does not allow to share it",
                CacheReason.VariesOnEverything => "it depends on more than the request (Vary: *)",
                CacheReason.NothingToGoBy => "nothing says how long it is good, and it could not be checked either",
                CacheReason.TooLarge => "it is larger than what the store takes",
                CacheReason.Incomplete => "it broke off before its end",
                CacheReason.StoreFailed => "the store could not take it",
                _ => throw new InvalidOperationException($"{reason} has no sentence"),
            };

        private string Korean =>
            reason switch
            {
                CacheReason.Fresh => "저장해 둔 응답의 유효기간이 남아 있습니다",
                CacheReason.StaleButAccepted => "유효기간은 지났지만 클라이언트가 받아들입니다",
                CacheReason.StaleButOriginFails =>
                    "유효기간은 지났지만 원 서버가 응답하지 못하고, 이럴 때는 써도 된다고 했습니다",
                CacheReason.Revalidated => "원 서버가 방금 바뀌지 않았다고 답했습니다",
                CacheReason.NothingStored => "이 URL로 저장해 둔 응답이 없습니다",
                CacheReason.OtherVariant => "저장해 둔 응답은 다른 리퀘스트 헤더에 맞춘 것입니다 (Vary)",
                CacheReason.Stale => "저장해 둔 응답의 유효기간이 지났습니다",
                CacheReason.StaleAndMustRevalidate => "유효기간이 지났으니 반드시 확인해야 합니다 (must-revalidate)",
                CacheReason.OriginWantsCheck => "원 서버가 쓸 때마다 확인하라고 했습니다 (no-cache)",
                CacheReason.ClientWantsCheck => "클라이언트가 확인해 달라고 했습니다 (no-cache)",
                CacheReason.TooOldForClient =>
                    "저장해 둔 응답이 클라이언트가 받아들이는 것보다 오래되었습니다 (max-age)",
                CacheReason.NotFreshEnoughForClient =>
                    "남은 유효기간이 클라이언트가 바라는 것보다 짧습니다 (min-fresh)",
                CacheReason.NotGetOrHead => "저장해 둔 응답으로는 GET과 HEAD에만 답합니다",
                CacheReason.HasBody => "리퀘스트에 본문이 있어 응답이 달라질 수 있습니다",
                CacheReason.HasLogin => "리퀘스트에 로그인 정보가 있습니다 (Authorization)",
                CacheReason.WantsRange => "일부분만 달라고 했습니다 (Range)",
                CacheReason.HasCondition => "원 서버만 판단할 수 있는 조건이 붙어 있습니다",
                CacheReason.StoredIsGone => "저장해 둔 응답이 없어졌거나 망가졌습니다",
                CacheReason.OnlyIfCached => "클라이언트는 저장된 것이 아니면 받지 않겠다고 했습니다 (only-if-cached)",
                CacheReason.LifetimeShared => "원 서버가 공유 캐시의 유효기간을 정했습니다 (s-maxage)",
                CacheReason.LifetimeMaxAge => "원 서버가 유효기간을 정했습니다 (max-age)",
                CacheReason.LifetimeExpires => "원 서버가 언제까지 유효한지 정했습니다 (Expires)",
                CacheReason.LifetimeHeuristic =>
                    "오랫동안 바뀌지 않았으니 그 시간의 십분의 일 동안은 유효하다고 봅니다",
                CacheReason.LifetimeNone => "유효기간을 알 수 없어 쓸 때마다 확인합니다",
                CacheReason.Unchanged => "원 서버가 바뀌지 않았다고 답했습니다 (304)",
                CacheReason.NotGet => "GET에 대한 응답만 저장합니다",
                CacheReason.NotFinal => "최종 응답이 아닙니다",
                CacheReason.IsPart => "전체가 아니라 일부분입니다 (206)",
                CacheReason.StatusNotCacheable => "이 상태 코드의 응답을 저장해도 된다는 말이 없습니다",
                CacheReason.StatusNotUnderstood =>
                    "이 상태 코드를 이해하는 캐시만 저장할 수 있습니다 (must-understand)",
                CacheReason.OriginForbidsStore => "원 서버가 저장하지 말라고 했습니다 (no-store)",
                CacheReason.ClientForbidsStore => "클라이언트가 저장하지 말라고 했습니다 (no-store)",
                CacheReason.Private => "한 사용자만을 위한 응답입니다 (private)",
                CacheReason.LoginWithoutPermission => "로그인에 대한 응답인데, 함께 써도 된다는 말이 없습니다",
                CacheReason.VariesOnEverything => "리퀘스트만으로는 정해지지 않는 응답입니다 (Vary: *)",
                CacheReason.NothingToGoBy => "유효기간도 알 수 없고 확인할 방법도 없습니다",
                CacheReason.TooLarge => "저장할 수 있는 크기를 넘습니다",
                CacheReason.Incomplete => "끝까지 오지 않고 끊겼습니다",
                CacheReason.StoreFailed => "저장소에 쓰지 못했습니다",
                _ => throw new InvalidOperationException($"{reason} has no sentence"),
            };
    }
}

namespace Twocan.Explorer;

/// <summary>How it ended, in a sentence or two: what a reader wants to know first.</summary>
internal static class Verdict
{
    public static Paragraph Of(Journey journey, Voice voice)
    {
        var totals = Totals.Of(journey);
        var took = Voice.Milliseconds(totals.Took);
        var frames = Voice.Number(totals.Frames);
        if (journey.Failure is { } failure)
            return journey.IsOnHost
                ? voice.Tell(
                    $"{"It did not come whole":bad}: {failure.Why}. That was clear {took:time} ms after Enter.",
                    $"{"다 가져오지 못했습니다":bad}: {Endings.InShort(failure)}. Enter를 누르고 {took:time} ms 뒤 이것이 분명해졌습니다."
                )
                : voice.Tell(
                    $"{"It did not come whole":bad}: {failure.Why}. {frames:number} frames were sent until that was clear, {took:time} ms after Enter.",
                    $"{"다 가져오지 못했습니다":bad}: {Endings.InShort(failure)}. Enter를 누르고 {took:time} ms 뒤 이것이 분명해질 때까지 프레임 {frames:number}개를 보냈습니다."
                );
        var came = Came(journey, voice);
        return journey.IsOnHost
            ? voice.Tell($"{came} in {took:time} ms.", $"{came} {took:time} ms 만에 받았습니다.")
            : voice.Tell(
                $"{came} in {took:time} ms of the world's time. {frames:number} frames crossed cables for it.",
                $"{came} 이 세계의 시간으로 {took:time} ms 만에 받았고, 이를 위해 프레임 {frames:number}개가 케이블을 오갔습니다."
            );
    }

    private static Text Came(Journey journey, Voice voice)
    {
        var first = journey.Visits[0];
        var visits = journey.Visits.Count;
        var bytes = Voice.Number(first.Page?.Bytes ?? 0);
        var wanted = first.Wanted.ToList();
        var what = ResourceNames.Short(wanted, voice);
        var others = Voice.Number(wanted.Sum(static it => (long)it.Bytes));
        return wanted.Count == 0
            ? voice.Say(
                $"{"The page came whole":good}: {bytes:number} bytes{(visits > 1 ? $", {visits} times," : "")}",
                $"{"페이지를 다 가져왔습니다":good}: {bytes:number}바이트를{(visits > 1 ? $" {visits}번" : "")}"
            )
            : voice.Say(
                $"{"The page came whole":good}: {bytes:number} bytes and {what} of {others:number} bytes{(visits > 1 ? $", {visits} times," : "")}",
                $"{"페이지를 다 가져왔습니다":good}: 페이지 {bytes:number}바이트와 {what}({others:number}바이트)를{(visits > 1 ? $" {visits}번" : "")}"
            );
    }
}

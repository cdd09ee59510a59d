using Twocan.Core;

namespace Twocan.Dns.Tests;

public sealed class SentenceTests
{
    [Fact]
    public void The_journal_tells_the_walk_in_both_languages()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            await net.Ask("www.cyber.kr");
            await net.Ask("nobody.cyber.kr");
        });
        var walk = net
            .World.Journal!.Entries.Where(entry => entry is { Host: "ns.isp", What.Layer: Layer.Dns })
            .ToList();
        var english = walk.Select(entry => entry.What.Say(Language.English)).ToList();
        Assert.Equal(
            [
                "begins to look up www.cyber.kr A",
                "asks the root server a.root for www.cyber.kr A",
                "is told 'ask those below me: kr. NS ns.kr'",
                "asks ns.kr, a name server of kr., for www.cyber.kr A",
                "is told 'ask those below me: cyber.kr. NS ns.cyber.kr'",
                "asks ns.cyber.kr, a name server of cyber.kr., for www.cyber.kr A",
                "is told by the registered server 'A 192.0.2.226'",
                "knows www.cyber.kr A: 192.0.2.226",
                "answers 10.0.0.13 about www.cyber.kr A: 'A 192.0.2.226'",
            ],
            english.Take(9)
        );
        Assert.Contains("is told by the registered server 'there is no such name'", english);
        Assert.Contains("knows that there is no nobody.cyber.kr", english);
        var korean = walk.Select(entry => entry.What.Say(Language.Korean)).ToList();
        Assert.Contains("루트 서버 a.root에 www.cyber.kr의 A 레코드를 묻습니다", korean);
        Assert.Contains("등록된 네임 서버에서 답이 왔습니다. 레코드는 A 192.0.2.226입니다", korean);
        Assert.All(korean, sentence => Assert.DoesNotContain("is told", sentence, StringComparison.Ordinal));
    }
}

using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public class ErrandTests
{
    [Theory]
    [InlineData("ping www", null)]
    [InlineData("  ping  -c  2  10.0.0.2 ", null)]
    [InlineData("@pc2 ping www", "pc2")]
    [InlineData("@pc2 http://www/", "pc2")]
    public void An_errand_is_a_ping_or_a_URL_and_perhaps_a_host(string text, string? host)
    {
        Assert.True(Errand.TryParse(text, out var errand, out _));
        Assert.Equal(host, errand.Host);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("@pc")]
    [InlineData("ping")]
    [InlineData("ping -c 2")]
    [InlineData("ping -c 0 www")]
    [InlineData("ping -c 99999999999 www")]
    [InlineData("ping -x")]
    [InlineData("ftp://www/")]
    [InlineData("http://")]
    [InlineData("www")]
    public void Anything_else_is_told_what_is_wrong(string text)
    {
        Assert.False(Errand.TryParse(text, out _, out var wrong));
        Assert.NotEqual("", wrong);
    }

    [Theory]
    [InlineData("ping -c 2 10.0.0.2", true, "2 of 2 requests answered")]
    [InlineData("ping -c 1 10.0.0.9", false, "0 of 1 requests answered")]
    [InlineData("http://10.0.0.2/", false, "it failed")]
    public async Task Its_outcome_says_how_it_went(string text, bool isDone, string expected)
    {
        using var world = new World(seed: 1);
        var pc = world.Host("pc", "10.0.0.1/24");
        world.Link(pc, world.Host("www", "10.0.0.2/24"));
        Assert.True(Errand.TryParse(text, out var errand, out _));
        var outcome = await world.RunAsync(() => errand.RunAsync(pc));
        Assert.Equal((isDone, expected), (outcome.IsDone, outcome.Say.In(Language.English)));
    }
}

using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli.Tests;

public sealed class CompleterTests : IDisposable
{
    private readonly LivingWorld _living;
    private readonly Completer _completer;

    public CompleterTests()
    {
        var world = WorldLibrary.Load("cyber", new WorldOptions { Journal = true, Paced = true });
        _living = new(world, world.Hosts.First(host => host.Name == "pc"));
        _completer = new(ShellVerbs.Root(new History(null)), _living);
    }

    public void Dispose() => _living.Dispose();

    [Theory]
    [InlineData("pi", "ping")]
    [InlineData("@home-r", "@home-router")]
    [InlineData("@home-router tracer", "traceroute")]
    [InlineData("ping www.lab.cy", "www.lab.cyber.co.kr")]
    [InlineData("ping --time", "--timeout")]
    [InlineData("ping --host ns.i", "ns.isp")]
    [InlineData("ping --lang k", "ko")]
    [InlineData("ping -M wa", "want")]
    [InlineData("cut pc--", "pc--home-hub")]
    [InlineData("cut isp--home", "isp--home-router")]
    [InlineData("loss 20% pc->", "pc->home-hub")]
    [InlineData("crash ns.kr", "ns.kr")]
    [InlineData("world sh", "show")]
    [InlineData("dig cyber.co.kr @ns.c", "@ns.com|@ns.co.kr|@ns.cyber.co.kr")]
    [InlineData("route g", "get")]
    [InlineData("explore http://www.lab.c", "http://www.lab.cyber.co.kr/")]
    [InlineData("help tracer", "traceroute")]
    [InlineData("now; ping 10.11.12.14", "10.11.12.14")]
    [InlineData("pnig x", "")]
    public void The_words_that_may_stand_there_are_found(string line, string expected) =>
        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            _completer.Complete(line, line.Length).Candidates
        );

    [Fact]
    public void Heal_knows_what_is_broken()
    {
        _living.World.Fault("cut home-router--isp");
        _living.World.Fault("crash ns.isp");
        Assert.Equal(["all", "home-router--isp", "ns.isp"], _completer.Complete("heal ", 5).Candidates);
    }

    [Fact]
    public void Only_what_stands_before_the_cursor_counts()
    {
        var completion = _completer.Complete("pi -c 1", 2);
        Assert.Equal((0, "ping"), (completion.Start, completion.CommonPrefix));
    }
}

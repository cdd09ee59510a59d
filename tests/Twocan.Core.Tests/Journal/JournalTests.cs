namespace Twocan.Core.Tests;

public class JournalTests
{
    private readonly EventLoop _loop = EventLoop.Virtual(1);

    [Fact]
    public void An_entry_has_time_host_cause_and_a_sentence()
    {
        var journal = new Journal(_loop);
        _loop.RunFor(Duration.FromMilliseconds(3));
        var click = journal.For("pc").Tell(new Clicked("a link"));
        var id = journal.For("www").Tell(new Clicked("an answer"), click);

        var entry = journal.Find(id)!;
        Assert.Equal(("www", click, 3.0), (entry.Host, entry.Because, entry.At.Nanoseconds / 1e6));
        Assert.Equal("clicks an answer", entry.What.Say(Language.English));
    }

    [Fact]
    public void Causes_climb_from_the_effect_to_the_click()
    {
        var journal = new Journal(_loop).For("pc");
        var click = journal.Tell(new Clicked("link"));
        var request = journal.Tell(new Clicked("request"), click);
        journal.Tell(new Clicked("something else"));
        var segment = journal.Tell(new Clicked("segment"), request);
        Assert.Equal([segment, request, click], journal.Journal.Causes(segment).Select(entry => entry.Id));
        Assert.Empty(journal.Journal.Causes(EventId.None));
    }

    [Fact]
    public void Readers_see_every_entry_in_order_also_when_none_is_kept()
    {
        var journal = new Journal(_loop) { Keeps = false };
        var seen = new List<long>();
        journal.Subscribe(entry => seen.Add(entry.Id.Value));
        for (var i = 0; i < 3; i++)
            journal.For("pc").Tell(new Clicked("it"));
        Assert.Equal([1, 2, 3], seen);
        Assert.Empty(journal.Entries);
        Assert.Null(journal.Find(new(1)));
    }

    [Fact]
    public void A_reader_that_leaves_is_told_nothing_more()
    {
        var journal = new Journal(_loop);
        var seen = 0;
        using (journal.Subscribe(_ => seen++))
            journal.For("pc").Tell(new Clicked("it"));
        journal.For("pc").Tell(new Clicked("it"));
        Assert.Equal(1, seen);
    }

    [Fact]
    public void What_is_forgotten_is_no_cause_any_more_and_numbers_go_on()
    {
        var journal = new Journal(_loop).For("pc");
        var old = journal.Tell(new Clicked("link"));
        journal.Journal.Forget();
        var next = journal.Tell(new Clicked("request"), old);
        Assert.Equal(2, next.Value);
        Assert.Equal(next, journal.Journal.Find(next)!.Id);
        Assert.Equal([next], journal.Journal.Causes(next).Select(entry => entry.Id));
    }

    [Fact]
    public void Keeping_switched_on_again_begins_anew()
    {
        var journal = new Journal(_loop);
        journal.For("pc").Tell(new Clicked("one"));
        journal.Keeps = false;
        journal.For("pc").Tell(new Clicked("two"));
        journal.Keeps = true;
        var third = journal.For("pc").Tell(new Clicked("three"));
        Assert.Equal([third], journal.Entries.Select(entry => entry.Id));
        Assert.Equal(third, journal.Find(third)!.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(long.MaxValue)]
    public void An_event_that_never_was_is_not_found(long number)
    {
        var journal = new Journal(_loop);
        journal.For("pc").Tell(new Clicked("it"));
        Assert.Null(journal.Find(new(number)));
    }

    private readonly record struct Clicked(string What) : IJournalEvent
    {
        public Layer Layer => Layer.Browser;

        public string Say(Language language) =>
            language == Language.Korean ? $"{What}을(를) 누릅니다" : $"clicks {What}";
    }
}

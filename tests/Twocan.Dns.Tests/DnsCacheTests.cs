using Twocan.Core;

namespace Twocan.Dns.Tests;

public sealed class DnsCacheTests
{
    private static readonly DomainName Www = DomainName.Parse("www.x");
    private readonly DnsCache _cache = new(maxEntries: 3, maxBytes: 4096);

    private static Instant At(double seconds) => Instant.Zero + Duration.FromSeconds(seconds);

    private static RecordSet Address(string name, uint ttl, uint address = 1) =>
        new(DomainName.Parse(name), RecordType.A, ttl, [new AddressData(IpAddress.V4(address))]);

    private static RecordSet Soa(uint ttl, uint minimum) =>
        new(
            DomainName.Parse("x"),
            RecordType.SOA,
            ttl,
            [new StartOfAuthorityData(DomainName.Root, DomainName.Root, 1, 1, 1, 1, minimum)]
        );

    private uint? Ttl(RecordType type, double at) =>
        _cache.TryGet(Www, type, At(at), out var answer) ? answer.Set.Ttl : null;

    [Fact]
    public void A_ttl_counts_down_and_ends()
    {
        _cache.Put(Address("www.x", 60), Credibility.Answer, At(0));
        Assert.Equal(60u, Ttl(RecordType.A, 0));
        Assert.Equal(20u, Ttl(RecordType.A, 40));
        Assert.Equal(0u, Ttl(RecordType.A, 59.5));
        Assert.Null(Ttl(RecordType.A, 60));
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void Nothing_is_believed_for_longer_than_a_day()
    {
        _cache.Put(Address("www.x", 1_000_000), Credibility.Answer, At(0));
        Assert.Equal(86_400u, Ttl(RecordType.A, 0));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0x8000_0000u)]
    public void A_ttl_of_zero_is_not_kept(uint ttl)
    {
        _cache.Put(Address("www.x", ttl), Credibility.Answer, At(0));
        Assert.Null(Ttl(RecordType.A, 0));
    }

    [Fact]
    public void A_negative_answer_holds_for_the_lesser_of_the_soas_two_times()
    {
        _cache.PutNegative(Www, RecordType.A, AnswerKind.NoData, Soa(60, 10), Credibility.AuthoritativeAnswer, At(0));
        Assert.Equal(10u, Ttl(RecordType.A, 0));
        Assert.Null(Ttl(RecordType.MX, 0));
        _cache.PutNegative(
            Www,
            RecordType.A,
            AnswerKind.NameError,
            Soa(20, 90),
            Credibility.AuthoritativeAnswer,
            At(0)
        );
        Assert.Equal(20u, Ttl(RecordType.MX, 0));
        Assert.True(_cache.TryGet(Www, RecordType.TXT, At(0), out var answer));
        Assert.Equal(AnswerKind.NameError, answer.Kind);
    }

    [Fact]
    public void A_name_that_appears_is_no_longer_said_not_to_exist()
    {
        _cache.PutNegative(
            Www,
            RecordType.A,
            AnswerKind.NameError,
            Soa(60, 60),
            Credibility.AuthoritativeAnswer,
            At(0)
        );
        _cache.Put(Address("www.x", 60), Credibility.AuthoritativeAnswer, At(1));
        Assert.Null(Ttl(RecordType.MX, 2));
        Assert.NotNull(Ttl(RecordType.A, 2));
    }

    [Fact]
    public void The_less_credible_does_not_replace_the_more_credible_while_that_is_valid()
    {
        _cache.Put(Address("www.x", 60, 1), Credibility.AuthoritativeAnswer, At(0));
        _cache.Put(Address("www.x", 600, 2), Credibility.Glue, At(1));
        Assert.Equal(50u, Ttl(RecordType.A, 10));
        _cache.Put(Address("www.x", 600, 2), Credibility.Glue, At(61));
        Assert.Null(Ttl(RecordType.A, 62));
        Assert.True(_cache.TryGet(Www, RecordType.A, At(62), out _, Credibility.Glue));
        _cache.Put(Address("www.x", 60, 3), Credibility.Answer, At(63));
        Assert.Equal(60u, Ttl(RecordType.A, 63));
    }

    [Fact]
    public void What_was_asked_for_longest_ago_makes_room()
    {
        foreach (var name in (string[])["a", "b", "c"])
            _cache.Put(Address(name, 60), Credibility.Answer, At(0));
        Assert.True(_cache.TryGet(DomainName.Parse("a"), RecordType.A, At(1), out _));
        _cache.Put(Address("d", 60), Credibility.Answer, At(1));
        Assert.Equal(3, _cache.Count);
        Assert.False(_cache.TryGet(DomainName.Parse("b"), RecordType.A, At(1), out _));
        Assert.True(_cache.TryGet(DomainName.Parse("a"), RecordType.A, At(1), out _));
    }

    [Fact]
    public void Bytes_are_limited_too()
    {
        var big = new RecordSet(Www, RecordType.TXT, 60, [new OpaqueData(new byte[3000])]);
        _cache.Put(big, Credibility.Answer, At(0));
        _cache.Put(big with { Name = DomainName.Parse("b") }, Credibility.Answer, At(0));
        Assert.Equal(1, _cache.Count);
        Assert.True(_cache.Bytes <= 4096);
        _cache.Clear();
        Assert.Equal((0, 0), (_cache.Count, _cache.Bytes));
    }
}

namespace Twocan.Dns.Tests;

public sealed class ZoneLookupTests
{
    private static readonly Zone Cyber = Zones.Parse(
        "cyber.co.kr",
        """
        $TTL 1h
        @       SOA ns hostmaster 1 1h 15m 1w 5m
                NS  ns
                MX  10 mail
        ns      A   192.0.2.53
        mail    A   192.0.2.227
        www.lab A   192.0.2.226
        ftp     CNAME www.lab
        out     CNAME www.example.com.
        ring1   CNAME ring2
        ring2   CNAME ring1
        nowhere CNAME missing
        *.wild  TXT "any"
        a.wild  A   192.0.2.9
        sub     NS  ns.sub
        sub     NS  ns.elsewhere.org.
        ns.sub  A   192.0.2.54
        deep.sub A  192.0.2.55
        into    CNAME host.sub
        """
    );

    [Theory]
    [InlineData("www.lab.cyber.co.kr", "A", "NOERROR aa | 192.0.2.226 | |")]
    [InlineData("WWW.Lab.Cyber.CO.KR", "A", "NOERROR aa | 192.0.2.226 | |")]
    [InlineData("cyber.co.kr", "MX", "NOERROR aa | 10 mail.cyber.co.kr. | | 192.0.2.227")]
    [InlineData("cyber.co.kr", "NS", "NOERROR aa | ns.cyber.co.kr. | | 192.0.2.53")]
    [InlineData("cyber.co.kr", "SOA", "NOERROR aa | SOA | |")]
    // The name has no such record.
    [InlineData("mail.cyber.co.kr", "AAAA", "NOERROR aa | | SOA 300 |")]
    // An empty non-terminal exists.
    [InlineData("lab.cyber.co.kr", "A", "NOERROR aa | | SOA 300 |")]
    [InlineData("missing.cyber.co.kr", "A", "NXDOMAIN aa | | SOA 300 |")]
    [InlineData("x.mail.cyber.co.kr", "A", "NXDOMAIN aa | | SOA 300 |")]
    // Aliases.
    [InlineData("ftp.cyber.co.kr", "A", "NOERROR aa | www.lab.cyber.co.kr. 192.0.2.226 | |")]
    [InlineData("ftp.cyber.co.kr", "CNAME", "NOERROR aa | www.lab.cyber.co.kr. | |")]
    [InlineData("ftp.cyber.co.kr", "MX", "NOERROR aa | www.lab.cyber.co.kr. | SOA 300 |")]
    [InlineData("out.cyber.co.kr", "A", "NOERROR aa | www.example.com. | |")]
    [InlineData("nowhere.cyber.co.kr", "A", "NXDOMAIN aa | missing.cyber.co.kr. | SOA 300 |")]
    // Wildcards.
    [InlineData("b.wild.cyber.co.kr", "TXT", "NOERROR aa | \"any\" | |")]
    [InlineData("c.b.wild.cyber.co.kr", "TXT", "NOERROR aa | \"any\" | |")]
    [InlineData("b.wild.cyber.co.kr", "A", "NOERROR aa | | SOA 300 |")]
    [InlineData("a.wild.cyber.co.kr", "TXT", "NOERROR aa | | SOA 300 |")]
    [InlineData("x.a.wild.cyber.co.kr", "TXT", "NXDOMAIN aa | | SOA 300 |")]
    [InlineData("*.wild.cyber.co.kr", "TXT", "NOERROR aa | \"any\" | |")]
    // Delegation.
    [InlineData("sub.cyber.co.kr", "A", "NOERROR | | ns.sub.cyber.co.kr. ns.elsewhere.org. | 192.0.2.54")]
    [InlineData("deep.sub.cyber.co.kr", "A", "NOERROR | | ns.sub.cyber.co.kr. ns.elsewhere.org. | 192.0.2.54")]
    [InlineData("ns.sub.cyber.co.kr", "A", "NOERROR | | ns.sub.cyber.co.kr. ns.elsewhere.org. | 192.0.2.54")]
    [InlineData("sub.cyber.co.kr", "DS", "NOERROR aa | | SOA 300 |")]
    [InlineData(
        "into.cyber.co.kr",
        "A",
        "NOERROR aa | host.sub.cyber.co.kr. | ns.sub.cyber.co.kr. ns.elsewhere.org. | 192.0.2.54"
    )]
    // One set of several, and nobody's zone.
    [InlineData("cyber.co.kr", "ANY", "NOERROR aa | SOA | |")]
    [InlineData("ftp.cyber.co.kr", "ANY", "NOERROR aa | www.lab.cyber.co.kr. | |")]
    [InlineData("www.example.com", "A", "REFUSED | | |")]
    [InlineData("kr", "NS", "REFUSED | | |")]
    [InlineData("cyber.co.kr", "AXFR", "REFUSED | | |")]
    public void A_zone_answers(string name, string type, string expected)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        var query = DnsMessage.Query(1, new(DomainName.Parse(name), recordType), recursionDesired: false);
        var response = new Authority([Cyber]).Answer(query).Message;
        Assert.Equal(expected, Zones.Say(response));
    }

    [Fact]
    public void A_record_made_from_a_wildcard_has_the_name_that_was_asked()
    {
        var name = DomainName.Parse("b.wild.cyber.co.kr");
        Assert.Equal(name, Cyber.Lookup(name, RecordType.TXT).Answers[0].Name);
    }

    [Fact]
    public void A_ring_of_aliases_ends()
    {
        var answer = Cyber.Lookup(DomainName.Parse("ring1.cyber.co.kr"), RecordType.A);
        Assert.Equal(AnswerKind.Alias, answer.Kind);
        Assert.Equal(Zone.MaxAliases, answer.Answers.Count);
    }

    [Fact]
    public void The_zone_with_the_longest_name_answers()
    {
        var parent = Zones.Parse("kr", "$TTL 60\n@ SOA a b 1 1 1 1 60\n@ NS ns.kr.\nco NS ns.co\nns.co A 192.0.2.1");
        var child = Zones.Parse("co.kr", "$TTL 60\n@ SOA a b 1 1 1 1 60\n@ NS ns\nns A 192.0.2.1");
        var authority = new Authority([parent, child]);
        var query = DnsMessage.Query(1, new(DomainName.Parse("ns.co.kr"), RecordType.A), recursionDesired: false);
        Assert.Equal("NOERROR aa | 192.0.2.1 | |", Zones.Say(authority.Answer(query).Message));
    }

    [Fact]
    public void A_query_that_is_none_gets_the_right_refusal()
    {
        var authority = new Authority([Cyber]);
        var query = DnsMessage.Query(1, new(Cyber.Origin, RecordType.SOA), recursionDesired: true);
        Assert.Equal(Rcode.NotImplemented, authority.Answer(query with { Opcode = Opcode.Notify }).Message.Rcode);
        Assert.Equal(Rcode.FormatError, authority.Answer(query with { Questions = [] }).Message.Rcode);
        Assert.Equal(Rcode.BadVersion, authority.Answer(query with { Edns = new(1232, Version: 1) }).Message.Rcode);
        var chaos = query with { Questions = [query.Questions[0] with { Class = RecordClass.CH }] };
        Assert.Equal(Rcode.Refused, authority.Answer(chaos).Message.Rcode);
        Assert.Equal(DnsFlags.QR | DnsFlags.AA | DnsFlags.RD, authority.Answer(query).Message.Flags);
    }
}

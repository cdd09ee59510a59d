namespace Twocan.Dns.Tests;

public sealed class MasterFileTests
{
    private const string Start = "$TTL 1h\n@ SOA ns hostmaster 1 1h 15m 1w 5m\n@ NS ns\n";

    [Fact]
    public void All_of_rfc_1035_can_be_written()
    {
        var zone = Zones.Parse(
            "cyber.co.kr",
            """
            ; the zone
            $TTL 1h30m
            @   IN  SOA ns.cyber.co.kr. host\.master (
                        2020100701 ; serial
                        1D 2h (3600) 1w3d
                    )
                    NS  ns
            ns      60  IN A 192.0.2.53
                    IN  120 AAAA 2001:db8::53
            text    TXT "a ; b" ( unquoted
                        "say \"hi\"" \065BC )
            $ORIGIN lab
            www     A   192.0.2.226
            @       MX  10 www
            $ORIGIN .
            ftp.cyber.co.kr A 192.0.2.1
            """.Replace("(3600)", "3600")
        );
        Assert.Equal(
            [
                "cyber.co.kr.\t5400\tIN\tSOA\tns.cyber.co.kr. host\\.master.cyber.co.kr. 2020100701 86400 7200 3600 864000",
                "cyber.co.kr.\t5400\tIN\tNS\tns.cyber.co.kr.",
                "ftp.cyber.co.kr.\t5400\tIN\tA\t192.0.2.1",
                "lab.cyber.co.kr.\t5400\tIN\tMX\t10 www.lab.cyber.co.kr.",
                "www.lab.cyber.co.kr.\t5400\tIN\tA\t192.0.2.226",
                "ns.cyber.co.kr.\t60\tIN\tA\t192.0.2.53",
                "ns.cyber.co.kr.\t120\tIN\tAAAA\t2001:db8::53",
                "text.cyber.co.kr.\t5400\tIN\tTXT\t\"a ; b\" \"unquoted\" \"say \\\"hi\\\"\" \"ABC\"",
            ],
            zone.Records.Select(record => record.ToString())
        );
    }

    [Fact]
    public void A_zone_written_out_is_read_back()
    {
        var zone = Zones.Parse(
            "x",
            Start + "a A 10.0.0.1\nb TXT \"\\000\\\"\" \"\"\nc\\.d CNAME a\ne TYPE9999 \\# 1 ff\n* MX 1 a"
        );
        var again = Zones.Parse("x", string.Join('\n', zone.Records));
        Assert.Equal(zone.Records, again.Records);
    }

    [Theory]
    [InlineData("www A 192.0.2", 4, 7, "'192.0.2' is not an IPv4 address, such as 192.0.2.226")]
    [InlineData("www AAAA 192.0.2.1", 4, 10, "'192.0.2.1' is not an IPv6 address, such as 2001:db8::226")]
    [InlineData("www A", 4, 6, "an IPv4 address, such as 192.0.2.226 is missing here")]
    [InlineData("www A 192.0.2.1 192.0.2.2", 4, 17, "'192.0.2.2' is one word too many; a comment begins with ';'")]
    [InlineData("www", 4, 4, "a record type, such as A is missing here")]
    [InlineData("www AA 192.0.2.1", 4, 5, "'AA' is not a record type, such as A, NS, MX or TYPE65280")]
    [InlineData("www CH A 192.0.2.1", 4, 5, "class CH is not served; the Internet's class is IN")]
    [InlineData(
        "a..b A 192.0.2.1",
        4,
        1,
        "'a..b' is not a domain name: a label is empty: two dots stand side by side, or one at the start"
    )]
    [InlineData(
        "www.other. A 192.0.2.1",
        4,
        1,
        "www.other. is not in zone x.: names that end with a dot are taken as they stand"
    )]
    [InlineData("m MX mail 10", 4, 6, "'mail' is not a preference: it is a number from 0 to 65535")]
    [InlineData("m MX 65536 mail", 4, 6, "'65536' is not a preference: it is a number from 0 to 65535")]
    [InlineData("t TXT \"open", 4, 7, "this quoted string is not closed before the line ends")]
    [InlineData("t TXT ( a\nb", 4, 7, "this '(' is never closed")]
    [InlineData("t TXT a )", 4, 9, "a ')' that nothing opened")]
    [InlineData("$TTL soon", 4, 6, "'soon' is not a TTL: it is a number of seconds, or written like 1h30m")]
    [InlineData("$GENERATE 1-9 a A", 4, 1, "'$GENERATE' is not a directive: there are $ORIGIN, $TTL and $INCLUDE")]
    [InlineData("$INCLUDE other", 4, 10, "a zone that is not a file of its own cannot include another file")]
    [InlineData("s SOA a b 1 1 1 1 1", 4, 1, "a zone has one SOA record, at its origin x.")]
    [InlineData("c A 10.0.0.1\nc CNAME a", 5, 1, "c.x. is an alias (CNAME) and can have no other record")]
    [InlineData("c CNAME a\nc CNAME b", 5, 1, "c.x. is an alias (CNAME) and can have no other record")]
    [InlineData(
        "u TYPE9999 abc",
        4,
        12,
        "the text of TYPE9999 data is not known here: write \\# LENGTH HEXDIGITS (RFC 3597)"
    )]
    [InlineData("u TYPE9999 \\# 2 abc", 4, 12, "\\# 2 takes 4 hexadecimal digits")]
    [InlineData("u A \\# 3 010203", 4, 5, "these bytes are not the data of a record of type A")]
    [InlineData(
        "t TXT \"é\"",
        4,
        7,
        "a string has ASCII characters, \\ and a character, or \\ and three digits up to 255"
    )]
    public void A_mistake_is_told_with_its_place(string text, int line, int column, string message)
    {
        var errors = new List<ZoneError>();
        Assert.Null(Zone.Parse(Start + text, DomainName.Parse("x"), "x.zone", errors));
        Assert.Equal([new ZoneError("x.zone", line, column, message)], errors);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var errors = new List<ZoneError>();
        Zone.Parse(
            "  A 1.2.3.4\na A 1.2.3.4\n$TTL 60\nb A 1.2.3\nc MX\nd A 1.2.3.4",
            DomainName.Parse("x"),
            "f",
            errors
        );
        Assert.Equal(
            [
                "f:1:3: the owner is left out, but no record stands before this one",
                "f:2:1: this record has no TTL: begin the file with a default one, such as $TTL 1h",
                "f:4:5: '1.2.3' is not an IPv4 address, such as 192.0.2.226",
                "f:5:5: a preference is missing here",
                "f:1:1: zone x. has no SOA record at its origin: @ SOA PRIMARY MAILBOX 1 1h 15m 1w 1h",
            ],
            errors.Select(error => error.ToString())
        );
    }

    [Fact]
    public void A_zone_inside_another_file_counts_its_places_from_there()
    {
        var errors = new List<ZoneError>();
        Zone.Parse(Start + "www A 1.2.3", DomainName.Parse("x"), "w.yaml", errors, firstLine: 10, firstColumn: 5);
        Assert.Equal((13, 11), (errors[0].Line, errors[0].Column));
    }

    [Fact]
    public void An_included_file_is_read_where_it_stands()
    {
        var errors = new List<ZoneError>();
        var zone = Zone.Parse(
            Start + "$INCLUDE hosts lab\nwww A 10.0.0.1",
            DomainName.Parse("x"),
            "f",
            errors,
            open: name => name == "hosts" ? "www A 10.0.0.2\nbad A 1" : null
        );
        Assert.Null(zone);
        Assert.Equal(["hosts:2:7: '1' is not an IPv4 address, such as 192.0.2.226"], errors.Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("90", 90u)]
    [InlineData("1h30m", 5400u)]
    [InlineData("1W2D3H4M5S", 788645u)]
    [InlineData("2147483647", 2147483647u)]
    public void Times_have_units(string text, uint seconds) =>
        Assert.Equal(
            seconds,
            Zones
                .Parse("x", Start + $"a {text} A 10.0.0.1")
                .Lookup(DomainName.Parse("a.x"), RecordType.A)
                .Answers[0]
                .Ttl
        );

    [Fact]
    public void A_set_has_one_ttl_the_lowest()
    {
        var zone = Zones.Parse("x", Start + "a 60 A 10.0.0.1\na 30 A 10.0.0.2\na 90 A 10.0.0.2");
        var set = zone.Lookup(DomainName.Parse("a.x"), RecordType.A).Answers[0];
        Assert.Equal((30u, 2), (set.Ttl, set.Data.Count));
    }

    [Fact]
    public void Root_hints_are_read_from_their_file()
    {
        var errors = new List<ZoneError>();
        var hints = RootHints.Parse(
            ". 3600000 NS A.ROOT-SERVERS.NET.\nA.ROOT-SERVERS.NET. 3600000 A 198.41.0.4\nA.ROOT-SERVERS.NET. 3600000 AAAA 2001:503:ba3e::2:30\n",
            "named.root",
            errors
        );
        Assert.Empty(errors);
        Assert.Equal(["198.41.0.4", "2001:503:ba3e::2:30"], hints.Select(hint => hint.Address.ToString()));
        Assert.Empty(RootHints.Parse("", "named.root", errors));
        Assert.Single(errors);
    }
}

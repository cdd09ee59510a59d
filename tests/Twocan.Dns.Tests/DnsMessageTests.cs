using Twocan.Core;

namespace Twocan.Dns.Tests;

public sealed class DnsMessageTests
{
    private static readonly DomainName Www = DomainName.Parse("www.cyber.co.kr");

    [Fact]
    public void A_query_has_these_bytes()
    {
        var query = DnsMessage.Query(0x1234, new(Www, RecordType.A), recursionDesired: true);
        Assert.Equal(
            "1234 0100 0001 0000 0000 0000 03777777 056379626572 02636f 026b72 00 0001 0001".Replace(" ", ""),
            Convert.ToHexString(query.ToBytes()).ToLowerInvariant()
        );
    }

    [Fact]
    public void A_response_is_compressed_to_these_bytes()
    {
        var response = DnsMessage
            .Query(0x1234, new(Www, RecordType.A), recursionDesired: true)
            .Respond(Rcode.NoError, DnsFlags.AA) with
        {
            Answers = [new(Www, RecordType.A, 3600, new AddressData(IpAddress.Parse("192.0.2.226")))],
            Authorities = [new(Www.Parent, RecordType.NS, 3600, new NameData(DomainName.Parse("ns.cyber.co.kr")))],
        };
        Assert.Equal(
            (
                "1234 8500 0001 0001 0001 0000 03777777 056379626572 02636f 026b72 00 0001 0001"
                + "c00c 0001 0001 00000e10 0004 c00002e2"
                + "c010 0002 0001 00000e10 0005 026e73 c010"
            ).Replace(" ", ""),
            Convert.ToHexString(response.ToBytes()).ToLowerInvariant()
        );
    }

    [Fact]
    public void Names_compressed_inside_record_data_are_read()
    {
        var bytes = Convert.FromHexString(
            "abcd8180000100010000000007657861 6d706c6503636f6d0000060001c00c00060001 00000e10 0027 036e7331c00c 0a686f73746d6173746572c00c 00000001 00000002 00000003 00000004 00000005".Replace(
                " ",
                ""
            )
        );
        Assert.True(DnsMessage.TryRead(bytes, out var message));
        Assert.Equal("ns1.example.com. hostmaster.example.com. 1 2 3 4 5", message.Answers[0].Data.ToString());
        Assert.True(message.RecursionAvailable);
        Assert.False(message.IsAuthoritative);
    }

    [Fact]
    public void Every_type_survives_the_wire()
    {
        var zone = Zones.Parse(
            "cyber.co.kr",
            """
            $TTL 60
            @ SOA ns hostmaster 2020100701 1h 15m 1w 5m
            @ NS ns
            @ MX 10 mail
            @ TXT "v=one two" "" "\"\\\000\255"
            ns A 192.0.2.1
            ns AAAA 2001:db8::1
            ns AAAA ::ffff:192.0.2.1
            www CNAME ns
            1.2 PTR www
            odd TYPE65280 \# 3 00ff7f
            none TYPE65281 \# 0
            """
        );
        var message = new DnsMessage
        {
            Id = 7,
            Flags = DnsFlags.QR | DnsFlags.AA | DnsFlags.RD | DnsFlags.RA | DnsFlags.AD | DnsFlags.CD,
            Rcode = Rcode.BadVersion,
            Questions = [new(Www, RecordType.ANY)],
            Answers = [.. zone.Records],
            Edns = new(1232, DnssecOk: true) { Options = new byte[] { 0, 3, 0, 1, 9 } },
        };
        Assert.True(DnsMessage.TryRead(message.ToBytes(), out var read));
        Assert.Equal(message with { Edns = null }, read with { Edns = null });
        Assert.Equal(message.ToString(), read.ToString());
        Assert.Equal("0003000109", Convert.ToHexString(read.Edns!.Options.Span));
    }

    [Fact]
    public void What_does_not_fit_is_left_out_by_whole_sets_and_sets_TC()
    {
        var records = new List<ResourceRecord>();
        for (var i = 0; i < 20; i++)
            records.Add(new(Www, RecordType.A, 60, new AddressData(IpAddress.V4((uint)i))));
        var txt = new byte[200];
        txt[0] = 199;
        records.Add(new(Www, RecordType.TXT, 60, new TextData(txt)));
        var message = DnsMessage.Query(1, new(Www, RecordType.ANY), recursionDesired: false).Respond(Rcode.NoError) with
        {
            Answers = records,
            Edns = new(1232),
        };
        Assert.True(DnsMessage.TryRead(message.ToBytes(512), out var read));
        Assert.True(read.IsTruncated);
        Assert.Equal(20, read.Answers.Count);
        Assert.NotNull(read.Edns);
        Assert.True(DnsMessage.TryRead(message.ToBytes(100), out read));
        Assert.Empty(read.Answers);
        Assert.True(DnsMessage.TryRead(message.ToBytes(), out read));
        Assert.False(read.IsTruncated);
        Assert.Equal(21, read.Answers.Count);
    }

    [Fact]
    public void Missing_extras_do_not_set_TC_but_missing_glue_does()
    {
        var cut = DomainName.Parse("sub.co.kr");
        var inside = DomainName.Parse("ns.sub.co.kr");
        var outside = DomainName.Parse("ns.far.com");
        var query = DnsMessage.Query(1, new(cut, RecordType.A), recursionDesired: false).Respond(Rcode.NoError);
        var referral = query with { Authorities = [new(cut, RecordType.NS, 60, new NameData(inside))] };
        var address = new AddressData(IpAddress.V4(1));
        var withGlue = referral with { Additionals = [new(inside, RecordType.A, 60, address)] };
        var withExtra = referral with { Additionals = [new(outside, RecordType.A, 60, address)] };
        var limit = referral.ToBytes().Length;
        Assert.True(DnsMessage.TryRead(withGlue.ToBytes(limit), out var read));
        Assert.True(read.IsTruncated);
        Assert.True(DnsMessage.TryRead(withExtra.ToBytes(limit), out read));
        Assert.False(read.IsTruncated);
    }

    [Fact]
    public void Names_far_back_and_many_names_are_still_written_right()
    {
        var records = new List<ResourceRecord>();
        for (var i = 0; i < 3000; i++)
        {
            var name = DomainName.Parse($"host{i % 1700}.net{i % 7}.cyber.co.kr");
            records.Add(new(name, RecordType.CNAME, 60, new NameData(DomainName.Parse($"target{i}.cyber.co.kr"))));
        }
        var message = new DnsMessage { Answers = records };
        var bytes = message.ToBytes();
        Assert.InRange(bytes.Length, 0x4000, 0xFFFF);
        Assert.True(DnsMessage.TryRead(bytes, out var read));
        Assert.Equal(records.Take(read.Answers.Count), read.Answers);
    }

    [Theory]
    [InlineData("0001 8000 0000 0001 0000 0000 00 0001 0001 00000000 0003 0a0000")] // an A of three octets
    [InlineData("0001 8000 0000 0001 0000 0000 00 0005 0001 00000000 0003 016100 ff", true)] // trailing octets are let be
    [InlineData("0001 8000 0000 0001 0000 0000 00 0005 0001 00000000 0004 016100 ff")] // data longer than its name
    [InlineData("0001 8000 0000 0001 0000 0000 00 0005 0001 00000000 0002 0161 00")] // name beyond its data
    [InlineData("0001 8000 0000 0001 0000 0000 00 0010 0001 00000000 0002 0261")] // a string beyond its data
    [InlineData("0001 8000 0000 0001 0000 0000 00 0010 0001 00000000 0000")] // TXT without a string
    [InlineData("0001 8000 0000 0001 0000 0000 00 0001 0001 00000000 ffff 0a000001")] // length beyond the message
    [InlineData("0001 0000 0001 0000 0000 0000")] // a question that is not there
    [InlineData("0001 0000 0000 0000 0000 0002 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000")] // two OPT records
    [InlineData("0001 00")]
    public void A_broken_message_is_refused(string hex, bool accepted = false) =>
        Assert.Equal(accepted, DnsMessage.TryRead(Convert.FromHexString(hex.Replace(" ", "")), out _));

    [Fact]
    public void A_message_is_shown_as_dig_shows_it()
    {
        var response = DnsMessage
            .Query(4711, new(Www, RecordType.A), recursionDesired: true)
            .Respond(Rcode.NoError, DnsFlags.RA) with
        {
            Answers = [new(Www, RecordType.A, 3600, new AddressData(IpAddress.Parse("192.0.2.226")))],
        };
        Assert.Equal(
            """
            ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4711
            ;; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0

            ;; QUESTION SECTION:
            ;www.cyber.co.kr.		IN	A

            ;; ANSWER SECTION:
            www.cyber.co.kr.	3600	IN	A	192.0.2.226

            """,
            response.ToString()
        );
    }
}

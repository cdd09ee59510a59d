using Twocan.Core;

namespace Twocan.Dns.Tests;

public sealed class IterativeResolverTests
{
    private const string Soa = "$TTL 1h\n@ SOA ns hostmaster 1 1h 15m 1w 5m\n";

    private readonly ScriptedServers _net = new(("a.root-servers.net", "198.41.0.4"));

    public IterativeResolverTests()
    {
        _net.Serve(
            "198.41.0.4",
            ".",
            Soa + "@ NS a.root-servers.net.\nkr NS ns.kr\nns.kr A 10.0.0.1\ncom NS ns.com\nns.com A 10.0.0.5"
        );
        _net.Serve("10.0.0.1", "kr", Soa + "@ NS ns\nns A 10.0.0.1\nco NS ns.co\nns.co A 10.0.0.2");
        _net.Serve("10.0.0.2", "co.kr", Soa + "@ NS ns\nns A 10.0.0.2\ncyber NS ns.cyber\nns.cyber A 10.0.0.3\n");
        _net.Serve(
            "10.0.0.3",
            "cyber.co.kr",
            Soa
                + """
                @ NS ns
                ns A 10.0.0.3
                www.lab A 192.0.2.226
                ftp CNAME www.lab
                away CNAME www.far.com.
                ring1 CNAME ring2
                ring2 CNAME ring1
                mail A 192.0.2.227
                short 5 A 192.0.2.1
                """
        );
        _net.Serve("10.0.0.5", "com", Soa + "@ NS ns\nns A 10.0.0.5\nfar NS ns.cyber.co.kr.\n");
    }

    private static string Say(LookupResult result) =>
        $"{result.Rcode.ToMnemonic()} {string.Join(" ", result.Answers.SelectMany(set => set.Data))}".TrimEnd();

    [Fact]
    public void The_first_name_is_asked_of_the_root_and_then_of_each_zone_below()
    {
        Assert.Equal("NOERROR 192.0.2.226", Say(_net.Resolve("www.lab.cyber.co.kr")));
        Assert.Equal(
            [
                ".@198.41.0.4 www.lab.cyber.co.kr. A",
                "kr.@10.0.0.1 www.lab.cyber.co.kr. A",
                "co.kr.@10.0.0.2 www.lab.cyber.co.kr. A",
                "cyber.co.kr.@10.0.0.3 www.lab.cyber.co.kr. A",
            ],
            _net.Log
        );
    }

    [Fact]
    public void A_second_name_of_the_zone_is_asked_only_of_the_last_server()
    {
        _net.Resolve("www.lab.cyber.co.kr");
        _net.Log.Clear();
        Assert.Equal("NOERROR 192.0.2.227", Say(_net.Resolve("mail.cyber.co.kr")));
        Assert.Equal(["cyber.co.kr.@10.0.0.3 mail.cyber.co.kr. A"], _net.Log);
    }

    [Fact]
    public void A_name_that_is_known_is_asked_of_nobody_until_its_time_is_over()
    {
        _net.Resolve("short.cyber.co.kr");
        _net.Log.Clear();
        _net.Now += Duration.FromSeconds(3);
        Assert.Equal(2u, _net.Resolve("SHORT.cyber.co.kr").Answers[0].Ttl);
        Assert.Empty(_net.Log);
        _net.Now += Duration.FromSeconds(3);
        _net.Resolve("short.cyber.co.kr");
        Assert.Single(_net.Log);
    }

    [Fact]
    public void That_a_name_does_not_exist_is_remembered_too()
    {
        Assert.Equal("NXDOMAIN", Say(_net.Resolve("nobody.cyber.co.kr")));
        _net.Log.Clear();
        var again = _net.Resolve("nobody.cyber.co.kr", "MX");
        Assert.Equal("NXDOMAIN", Say(again));
        Assert.Equal(DomainName.Parse("cyber.co.kr"), again.Soa!.Name);
        Assert.Empty(_net.Log);
        _net.Now += Duration.FromSeconds(301);
        _net.Resolve("nobody.cyber.co.kr");
        Assert.Single(_net.Log);
    }

    [Fact]
    public void That_a_name_has_no_such_record_is_remembered_for_this_type_only()
    {
        Assert.Equal("NOERROR", Say(_net.Resolve("mail.cyber.co.kr", "MX")));
        _net.Log.Clear();
        Assert.Equal("NOERROR", Say(_net.Resolve("mail.cyber.co.kr", "MX")));
        Assert.Empty(_net.Log);
        Assert.Equal("NOERROR 192.0.2.227", Say(_net.Resolve("mail.cyber.co.kr")));
        Assert.Single(_net.Log);
    }

    [Fact]
    public void An_alias_is_followed()
    {
        Assert.Equal("NOERROR www.lab.cyber.co.kr. 192.0.2.226", Say(_net.Resolve("ftp.cyber.co.kr")));
        _net.Log.Clear();
        Assert.Equal("NOERROR www.lab.cyber.co.kr. 192.0.2.226", Say(_net.Resolve("ftp.cyber.co.kr")));
        Assert.Empty(_net.Log);
    }

    [Fact]
    public void An_alias_to_another_zone_begins_anew_there()
    {
        // ns.cyber.co.kr serves far.com too: a server known by its name only, without glue.
        var cyber = new Authority([
            Zones.Parse("cyber.co.kr", Soa + "@ NS ns\nns A 10.0.0.3\naway CNAME www.far.com."),
            Zones.Parse("far.com", Soa + "@ NS ns.cyber.co.kr.\nwww A 203.0.113.9"),
        ]);
        _net.Serve("10.0.0.3", query => cyber.Answer(query.Message).Message);
        Assert.Equal("NOERROR www.far.com. 203.0.113.9", Say(_net.Resolve("away.cyber.co.kr")));
        Assert.Equal(".@198.41.0.4 www.far.com. A", _net.Log[4]);
        Assert.Equal("com.@10.0.0.5 www.far.com. A", _net.Log[5]);
        Assert.Equal("far.com.@10.0.0.3 www.far.com. A", _net.Log[^1]);
    }

    [Fact]
    public void A_ring_of_aliases_ends_with_a_reason()
    {
        var result = _net.Resolve("ring1.cyber.co.kr");
        Assert.Equal(Rcode.ServerFailure, result.Rcode);
        Assert.Contains("alias of an alias", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_without_glue_is_looked_up_by_its_name()
    {
        _net.Serve("10.0.0.3", "far.com", Soa + "@ NS ns.cyber.co.kr.\nwww A 203.0.113.9");
        var cyber = new Authority([
            Zones.Parse("far.com", Soa + "@ NS ns.cyber.co.kr.\nwww A 203.0.113.9"),
            Zones.Parse("cyber.co.kr", Soa + "@ NS ns\nns A 10.0.0.3"),
        ]);
        _net.Serve("10.0.0.3", query => cyber.Answer(query.Message).Message);
        Assert.Equal("NOERROR 203.0.113.9", Say(_net.Resolve("www.far.com")));
        Assert.Equal(
            [
                ".@198.41.0.4 www.far.com. A",
                "com.@10.0.0.5 www.far.com. A",
                ".@198.41.0.4 ns.cyber.co.kr. A",
                "kr.@10.0.0.1 ns.cyber.co.kr. A",
                "co.kr.@10.0.0.2 ns.cyber.co.kr. A",
                "cyber.co.kr.@10.0.0.3 ns.cyber.co.kr. A",
                "far.com.@10.0.0.3 www.far.com. A",
            ],
            _net.Log
        );
    }

    [Fact]
    public void Zones_whose_servers_lie_in_each_other_fail_instead_of_waiting_for_ever()
    {
        _net.Serve(
            "10.0.0.5",
            "com",
            Soa + "@ NS ns\nns A 10.0.0.5\nchicken NS ns.egg\negg NS ns.chicken\nself NS ns.self"
        );
        var result = _net.Resolve("www.chicken.com");
        Assert.Equal(Rcode.ServerFailure, result.Rcode);
        Assert.Contains("ns.egg.com has no address", result.Reason, StringComparison.Ordinal);
        Assert.Equal(Rcode.ServerFailure, _net.Resolve("www.self.com").Rcode);
        Assert.Equal(Rcode.ServerFailure, _net.Resolve("ns.self.com").Rcode);
        Assert.Equal(0, _net.Resolver.ActiveCount);
    }

    [Fact]
    public void A_silent_server_is_asked_again_and_then_the_next_one()
    {
        _net.Serve(
            "10.0.0.2",
            "co.kr",
            Soa
                + "@ NS ns\nns A 10.0.0.2\ncyber NS ns1.cyber\ncyber NS ns2.cyber\nns1.cyber A 10.0.0.9\nns2.cyber A 10.0.0.3"
        );
        Assert.Equal("NOERROR 192.0.2.226", Say(_net.Resolve("www.lab.cyber.co.kr")));
        Assert.Equal("cyber.co.kr.@10.0.0.9 www.lab.cyber.co.kr. A", _net.Log[^2]);
        Assert.Equal("cyber.co.kr.@10.0.0.3 www.lab.cyber.co.kr. A", _net.Log[^1]);
        _net.Log.Clear();
        _net.Resolve("mail.cyber.co.kr");
        Assert.Equal(["cyber.co.kr.@10.0.0.3 mail.cyber.co.kr. A"], _net.Log);
    }

    [Fact]
    public void When_nobody_answers_the_failure_says_who()
    {
        _net.Serve("10.0.0.3", _ => null);
        var result = _net.Resolve("www.lab.cyber.co.kr");
        Assert.Equal(Rcode.ServerFailure, result.Rcode);
        Assert.Equal(
            "no server of cyber.co.kr. answered: ns.cyber.co.kr (10.0.0.3) did not answer 7 queries",
            result.Reason
        );
        // 0.4 s, then twice as long each time, never more than five.
        Assert.Equal(0.4 + 0.8 + 1.6 + 3.2 + 5 + 5 + 5 + 0.03, _net.Now.Nanoseconds / 1e9, 6);
    }

    [Fact]
    public void An_outage_that_is_over_is_forgotten()
    {
        var calls = 0;
        var zone = new Authority([Zones.Parse("cyber.co.kr", Soa + "@ NS ns\nns A 10.0.0.3\nwww A 192.0.2.1")]);
        _net.Serve("10.0.0.3", query => ++calls <= 7 ? null : zone.Answer(query.Message).Message);
        Assert.Equal(Rcode.ServerFailure, _net.Resolve("www.cyber.co.kr").Rcode);
        Assert.Equal("NOERROR 192.0.2.1", Say(_net.Resolve("www.cyber.co.kr")));
    }

    [Theory]
    [InlineData(Rcode.ServerFailure, "answered SERVFAIL")]
    [InlineData(Rcode.Refused, "answered REFUSED")]
    [InlineData(Rcode.FormatError, "answered FORMERR")]
    [InlineData(Rcode.NoError, "is lame: it does not serve the zone")]
    public void A_server_that_fails_or_is_lame_is_left_for_the_next(Rcode rcode, string reason)
    {
        _net.Serve("10.0.0.3", query => query.Message.Respond(rcode));
        var result = _net.Resolve("www.lab.cyber.co.kr");
        Assert.Equal(Rcode.ServerFailure, result.Rcode);
        Assert.EndsWith(reason, result.Reason, StringComparison.Ordinal);
        Assert.Equal(4, _net.Log.Count);
    }

    [Fact]
    public void A_referral_upward_is_lame()
    {
        _net.Serve("10.0.0.3", "kr", Soa + "@ NS ns\nns A 10.0.0.1\nco NS ns.co\nns.co A 10.0.0.2");
        Assert.EndsWith(
            "is lame: it does not serve the zone",
            _net.Resolve("www.cyber.co.kr").Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_server_may_speak_of_its_own_zone_only()
    {
        var kr = DomainName.Parse("kr");
        var www = DomainName.Parse("www.lab.cyber.co.kr");
        var victim = DomainName.Parse("www.bank.com");
        var forged = new AddressData(IpAddress.Parse("6.6.6.6"));
        _net.Serve(
            "10.0.0.3",
            query =>
                query.Message.Respond(Rcode.NoError, DnsFlags.AA) with
                {
                    Answers =
                    [
                        new(www, RecordType.A, 60, new AddressData(IpAddress.Parse("192.0.2.226"))),
                        new(victim, RecordType.A, 60, forged),
                    ],
                    Authorities = [new(kr, RecordType.NS, 60, new NameData(victim))],
                    Additionals = [new(victim, RecordType.A, 60, forged)],
                }
        );
        Assert.Equal("NOERROR 192.0.2.226", Say(_net.Resolve("www.lab.cyber.co.kr")));
        Assert.False(_net.Resolver.Cache.TryGet(victim, RecordType.A, _net.Now, out _, Credibility.Glue));
        Assert.True(_net.Resolver.Cache.TryGet(kr, RecordType.NS, _net.Now, out var servers, Credibility.Glue));
        Assert.Equal("ns.kr.", servers.Set.Summary);
    }

    [Fact]
    public void Glue_finds_servers_but_answers_nobody()
    {
        _net.Resolve("www.lab.cyber.co.kr");
        _net.Log.Clear();
        Assert.Equal("NOERROR 10.0.0.3", Say(_net.Resolve("ns.cyber.co.kr")));
        Assert.Equal(["cyber.co.kr.@10.0.0.3 ns.cyber.co.kr. A"], _net.Log);
    }

    [Fact]
    public void An_address_on_the_resolver_itself_is_never_asked()
    {
        _net.Serve("10.0.0.5", "com", Soa + "@ NS ns\nns A 10.0.0.5\nevil NS ns.evil\nns.evil A 127.0.0.1");
        Assert.Equal(Rcode.ServerFailure, _net.Resolve("www.evil.com").Rcode);
        Assert.DoesNotContain(_net.Log, line => line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_fit_is_asked_for_again_over_tcp()
    {
        var zone =
            Soa
            + "@ NS ns\nns A 10.0.0.3\n"
            + string.Concat(Enumerable.Range(0, 60).Select(i => $"many A 192.0.2.{i}\n"));
        _net.Serve("10.0.0.3", "cyber.co.kr", zone);
        Assert.Equal(60, _net.Resolve("many.cyber.co.kr").Answers[0].Data.Count);
        Assert.Equal("cyber.co.kr.@10.0.0.3 many.cyber.co.kr. A +tcp", _net.Log[^1]);
    }

    [Fact]
    public void Only_the_right_sender_id_and_question_make_a_response()
    {
        _net.Begin("www.lab.cyber.co.kr");
        Assert.True(_net.Resolver.TryTransmit(_net.Now, out var query));
        var response = query.Message.Respond(Rcode.NameError, DnsFlags.AA);
        var stranger = new Endpoint(IpAddress.Parse("6.6.6.6"), Port.Domain);
        var otherName = new Question(DomainName.Parse("www.bank.com"), RecordType.A);
        Assert.False(_net.Resolver.TryConsume(query, stranger, response, _net.Now, out _));
        Assert.False(
            _net.Resolver.TryConsume(
                query,
                query.Server,
                response with
                {
                    Id = (ushort)(response.Id + 1),
                },
                _net.Now,
                out _
            )
        );
        Assert.False(
            _net.Resolver.TryConsume(query, query.Server, response with { Questions = [otherName] }, _net.Now, out _)
        );
        Assert.False(_net.Resolver.TryConsume(query, query.Server, query.Message, _net.Now, out _));
        Assert.True(_net.Resolver.TryConsume(query, query.Server, response, _net.Now, out _));
        Assert.False(_net.Resolver.TryConsume(query, query.Server, response, _net.Now, out _));
    }

    [Fact]
    public void Two_who_ask_the_same_share_one_look_up()
    {
        var first = _net.Begin("www.lab.cyber.co.kr");
        Assert.Same(first, _net.Begin("WWW.lab.cyber.co.kr"));
        Assert.NotSame(first, _net.Begin("www.lab.cyber.co.kr", "MX"));
    }

    [Fact]
    public void A_zone_that_leads_ever_deeper_runs_into_a_limit()
    {
        // Each name server refers to one label more, for ever.
        _net.Serve(
            "10.0.0.5",
            query =>
            {
                var name = query.Message.Questions[0].Name;
                var cut = name.Ancestor(Math.Min(query.Zone.LabelCount + 1, name.LabelCount));
                return query.Message.Respond(Rcode.NoError) with
                {
                    Authorities = [new(cut, RecordType.NS, 60, new NameData(DomainName.Parse("ns.com")))],
                    Additionals =
                    [
                        new(DomainName.Parse("ns.com"), RecordType.A, 60, new AddressData(IpAddress.Parse("10.0.0.5"))),
                    ],
                };
            }
        );
        var deep = string.Concat(Enumerable.Repeat("a.", 100)) + "com";
        var result = _net.Resolve(deep);
        Assert.Contains("more than 32 queries", result.Reason, StringComparison.Ordinal);
        Assert.Equal(ResolverLimits.MaxQueries, _net.Log.Count);
    }

    [Fact]
    public void A_referral_to_a_crowd_of_names_is_not_multiplied()
    {
        _net.Serve(
            "10.0.0.5",
            query =>
                query.Message.Respond(Rcode.NoError) with
                {
                    Authorities =
                    [
                        .. Enumerable
                            .Range(0, 30)
                            .Select(i => new ResourceRecord(
                                DomainName.Parse("evil.com"),
                                RecordType.NS,
                                60,
                                new NameData(DomainName.Parse($"n{i}.nobody.cyber.co.kr"))
                            )),
                    ],
                }
        );
        Assert.Equal(Rcode.ServerFailure, _net.Resolve("www.evil.com").Rcode);
        var asked = _net
            .Log.Where(line => line.Contains(" n", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1]);
        Assert.True(asked.Distinct().Count() <= ResolverLimits.MaxMissingTargets + ResolverLimits.MaxParallelTargets);
    }

    [Fact]
    public void Random_responses_never_break_the_resolver()
    {
        var random = new RandomSource(99);
        for (var round = 0; round < 300; round++)
        {
            var net = new ScriptedServers(("a.root", "198.41.0.4"), ("b.root", "198.41.0.5"));
            foreach (var address in (string[])["198.41.0.4", "198.41.0.5", "10.0.0.0", "10.0.0.1", "10.0.0.2"])
                net.Serve(address, query => RandomMessages.Respond(query, random));
            var result = net.Resolve("a.b.c");
            Assert.True(result.Rcode != Rcode.ServerFailure || result.Reason.Length > 0);
            Assert.True(net.Log.Count < 500);
        }
    }
}

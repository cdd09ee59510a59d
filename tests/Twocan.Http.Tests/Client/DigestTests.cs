using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class DigestTests
{
    private const string RfcNonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private const string RfcCnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    private const string ApiNonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK";
    private const string ApiCnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm";

    private static readonly Credentials s_mufasa = new("Mufasa", "Circle of Life");
    private static readonly Credentials s_jason = new("Jäsøn Doe", "Secret, or not?");

    private static IReadOnlyList<Challenge> Challenges(params string[] values)
    {
        var fields = new Fields();
        foreach (var value in values)
            fields.Add("WWW-Authenticate", value);
        return Challenge.Read(fields, "WWW-Authenticate");
    }

    private static DigestSession Session(string parameters, bool canHashBody = false) =>
        DigestSession.Choose(Challenges("Digest " + parameters), canHashBody)!;

    // RFC 7616 §3.9.1.
    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_examples_of_RFC_7616_come_out_as_there(string algorithm, string response)
    {
        var session = Session(
            $"""realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, nonce="{RfcNonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS" """.Trim()
        );
        var field = session.Authorize(s_mufasa, "GET", "/dir/index.html", [], RfcCnonce);
        Assert.Equal(
            $"""Digest username="Mufasa", realm="http-auth@example.org", nonce="{RfcNonce}", uri="/dir/index.html", algorithm={algorithm}, response="{response}", qop=auth, nc=00000001, cnonce="{RfcCnonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS" """.Trim(),
            field
        );
    }

    // As §3.9.2, with the hash that is here in place of SHA-512-256; computed by another program.
    [Fact]
    public void A_user_may_be_hashed_and_a_name_that_is_not_ASCII_is_UTF_8()
    {
        const string common =
            $"""realm="api@example.org", qop="auth", algorithm=SHA-256, nonce="{ApiNonce}", charset=UTF-8""";
        var hashed = Session(common + ", userhash=true").Authorize(s_jason, "GET", "/doe.json", [], ApiCnonce);
        Assert.Contains("username=\"5a1a8a47df5c298551b9b42ba9b05835174a5bd7d511ff7fe9191d8e946fc4e7\"", hashed);
        Assert.Contains("response=\"06d0c14162099f487a92ebceaf71097534ee5f90d858386449c337ab69f7f6b8\"", hashed);
        Assert.EndsWith("userhash=true", hashed);
        var plain = Session(common).Authorize(s_jason, "GET", "/doe.json", [], ApiCnonce);
        Assert.Contains("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe,", plain);
    }

    [Fact]
    public void A_session_keeps_its_first_key_and_a_body_can_have_a_part_in_the_proof()
    {
        const string common = $"""realm="api@example.org", nonce="{ApiNonce}", charset=UTF-8""";
        var session = Session(common + ", qop=auth, algorithm=SHA-256-sess");
        Assert.Contains(
            "6c172f3a61ab237439229b2305b1caff43f28269e1fd776489a6eebe662043d4",
            session.Authorize(s_jason, "GET", "/doe.json", [], ApiCnonce)
        );
        var whole = Session(common + ", qop=\"auth-int\", algorithm=SHA-256", canHashBody: true);
        Assert.True(whole.NeedsBody);
        Assert.Contains(
            "cb3843d94947b64ee95732312fd30fbf9f75e7700475360e0fc9e8c42503eec4",
            whole.Authorize(s_jason, "POST", "/doe.json", "name=twocan"u8, ApiCnonce)
        );
    }

    [Theory]
    [InlineData("""Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth" """)]
    [InlineData("""Digest realm="r", nonce="n", qop="auth-int" """)]
    [InlineData("""Digest realm="r", qop="auth" """)]
    [InlineData("""Digest nonce="n" """)]
    [InlineData("Basic realm=\"r\"")]
    [InlineData("Negotiate")]
    public void What_is_not_known_here_is_not_tried(string challenge) =>
        Assert.Null(DigestSession.Choose(Challenges(challenge.Trim()), canHashBody: false));

    [Fact]
    public void Of_several_challenges_the_stronger_is_taken()
    {
        var challenges = Challenges(
            "Negotiate abc==, Basic realm=\"a, b\", Digest realm=\"md5\",nonce=n1,qop=\"auth,auth-int\"",
            "Digest realm=\"sha\", nonce = \"n2\", algorithm=SHA-256, qop=auth, stale=TRUE"
        );
        Assert.Equal(["Negotiate", "Basic", "Digest", "Digest"], challenges.Select(one => one.Scheme));
        Assert.Equal("a, b", challenges[1]["realm"]);
        Assert.Equal("auth,auth-int", challenges[2]["QOP"]);
        Assert.True(DigestSession.IsStale(challenges));
        Assert.Contains(
            "realm=\"sha\"",
            DigestSession.Choose(challenges, false)!.Authorize(s_mufasa, "GET", "/", [], "c")
        );
    }

    [Fact]
    public void The_count_goes_on_until_the_server_names_the_next_nonce()
    {
        var session = Session("realm=r, nonce=one, qop=auth");
        Assert.Contains("nc=00000001", session.Authorize(s_mufasa, "GET", "/", [], "c"));
        Assert.Contains("nc=00000002", session.Authorize(s_mufasa, "GET", "/", [], "c"));
        session.OnInfo("qop=auth, nextnonce=\"two\", rspauth=\"\"");
        var next = session.Authorize(s_mufasa, "GET", "/", [], "c");
        Assert.Contains("nonce=\"two\"", next);
        Assert.Contains("nc=00000001", next);
    }

    [Fact]
    public void Whatever_a_server_asks_it_is_a_challenge_or_none_and_never_an_exception()
    {
        var random = new RandomSource(5);
        string[] words =
        [
            "Digest",
            "Basic",
            " ",
            ",",
            "=",
            "\"",
            "\\",
            "realm",
            "nonce=\"n\"",
            "qop=",
            "auth",
            "auth-int",
            "algorithm=",
            "MD5",
            "SHA-256-sess",
            "realm=\"r\"",
            "stale=true",
            "userhash=true",
            "\t",
            "é",
        ];
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 14)).Select(_ => words[random.Next(words.Length)])
            );
            var fields = new Fields();
            fields.TryAdd("WWW-Authenticate"u8, System.Text.Encoding.Latin1.GetBytes(text.Trim(' ', '\t')));
            var session = DigestSession.Choose(Challenge.Read(fields, "WWW-Authenticate"), canHashBody: true);
            session?.Authorize(s_jason, "GET", "/", [], "c");
        }
    }
}

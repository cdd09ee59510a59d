using Twocan.Http;
using static Twocan.Proxy.Tests.Exchange;

namespace Twocan.Proxy.Tests;

public class ValidationTests
{
    [Fact]
    public void The_stored_validators_take_the_place_of_the_client_s_conditions()
    {
        var request = Fields("Accept: */* | If-None-Match: \"old\" | If-Modified-Since: @-5 | If-Range: \"x\"");
        Validation.MakeConditional(request, Stored("ETag: \"a\" | Last-Modified: @-1000"));
        Assert.Equal(
            $"Accept: */*\r\nIf-None-Match: \"a\"\r\nIf-Modified-Since: {Date(-1000)}\r\n",
            request.ToString()
        );
    }

    [Theory]
    [InlineData("If-None-Match: \"a\"", true)]
    [InlineData("If-None-Match: W/\"a\"", true)]
    [InlineData("If-None-Match: \"x\", \"a\"", true)]
    [InlineData("If-None-Match: *", true)]
    [InlineData("If-None-Match: \"x\"", false)]
    [InlineData("If-None-Match: \"x\" | If-Modified-Since: @0", false)]
    [InlineData("If-Modified-Since: @-100", true)]
    [InlineData("If-Modified-Since: @-101", false)]
    [InlineData("If-Modified-Since: lately", false)]
    [InlineData("", false)]
    public void A_client_that_has_it_already_gets_no_more_than_304(string request, bool isNotModified) =>
        Assert.Equal(
            isNotModified,
            Validation.IsNotModified(Fields(request), Stored("ETag: \"a\" | Last-Modified: @-100 | Date: @0"), At(1))
        );

    [Theory]
    [InlineData("ETag: \"a\"", "ETag: \"a\"", true)]
    [InlineData("ETag: W/\"a\"", "ETag: \"a\"", true)]
    [InlineData("ETag: \"b\"", "ETag: \"a\"", false)]
    [InlineData("ETag: \"a\"", "Last-Modified: @-5", false)]
    [InlineData("Last-Modified: @-5", "Last-Modified: @-5", true)]
    [InlineData("Last-Modified: @-4", "Last-Modified: @-5", false)]
    [InlineData("", "ETag: \"a\"", true)]
    public void A_304_confirms_what_has_its_validator(string notModified, string stored, bool confirms) =>
        Assert.Equal(confirms, Validation.Confirms(Response(304, notModified), Stored(stored)));

    [Fact]
    public void A_304_renews_the_fields_but_not_those_of_the_body()
    {
        var stored = Stored(
            "Date: @0 | Age: 50 | ETag: \"a\" | Cache-Control: max-age=60 | Content-Type: text/html | Content-Length: 632 | X-Kept: yes"
        );
        var fresh = Validation.Freshen(
            stored,
            Response(
                304,
                "Date: @100 | Cache-Control: max-age=600 | Content-Length: 0 | Content-Type: text/plain | Connection: X-Hop | X-Hop: 1 | Keep-Alive: timeout=5 | X-New: yes"
            ),
            At(99),
            At(100)
        );
        Assert.Equal(
            "ETag: \"a\"\r\nContent-Type: text/html\r\nContent-Length: 632\r\nX-Kept: yes\r\n"
                + $"Date: {Date(100)}\r\nCache-Control: max-age=600\r\nX-New: yes\r\n",
            fresh.Fields.ToString()
        );
        Assert.Equal((0, 600), (Freshness.Of(fresh, At(100)).Age - 1, Freshness.Of(fresh, At(100)).Lifetime));
    }

    [Fact]
    public void A_304_without_a_date_gets_that_of_its_arrival()
    {
        var fresh = Validation.Freshen(Stored("Date: @0 | ETag: \"a\""), Response(304, ""), At(100), At(100));
        Assert.Equal(Date(100), fresh.Fields["Date"]);
    }

    [Theory]
    [InlineData("ETag: \"a\" | Content-Length: 632", true)]
    [InlineData("ETag: \"a\"", true)]
    [InlineData("ETag: \"b\" | Content-Length: 632", false)]
    [InlineData("ETag: \"a\" | Content-Length: 633", false)]
    [InlineData("Content-Length: 632", false)]
    public void An_answer_to_HEAD_confirms_what_has_its_validators_and_length(string head, bool confirms) =>
        Assert.Equal(
            confirms,
            Validation.ConfirmsByHead(Response(200, head), Stored("ETag: \"a\" | Content-Length: 632"))
        );

    [Theory]
    [InlineData("POST", 200, "", "http://a/x")]
    [InlineData("DELETE", 204, "", "http://a/x")]
    [InlineData("PUT", 303, "Location: /y", "http://a/x http://a/y")]
    [InlineData("POST", 201, "Location: http://a/y | Content-Location: z", "http://a/x http://a/y http://a/z")]
    [InlineData("POST", 201, "Location: http://b/y", "http://a/x")]
    [InlineData("POST", 404, "Location: /y", "")]
    [InlineData("POST", 500, "", "")]
    [InlineData("GET", 200, "Location: /y", "")]
    [InlineData("UNKNOWN", 200, "", "http://a/x")]
    public void A_successful_unsafe_request_invalidates_what_it_may_have_changed(
        string method,
        int status,
        string response,
        string urls
    ) =>
        Assert.Equal(
            urls.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Validation.Invalidates(method, Http.Url.Parse("http://a/x#part"), Response(status, response))
        );

    [Fact]
    public void Fields_of_one_hop_are_not_passed_on()
    {
        var passed = HopByHop.Without(
            Fields(
                "Host: a | Connection: close, X-Mine, Cache-Control | X-Mine: 1 | Cache-Control: no-store | Proxy-Connection: keep-alive | "
                    + "Keep-Alive: timeout=5 | TE: trailers | Trailer: X | Transfer-Encoding: chunked | Upgrade: h2c | Proxy-Authorization: Basic eA== | Accept: */*"
            )
        );
        Assert.Equal("Host: a\r\nCache-Control: no-store\r\nAccept: */*\r\n", passed.ToString());
    }
}

namespace Twocan.Http.Tests;

/// <summary>The standard's own examples (§1.1): what is wrong, and whether the URL is understood all the same.</summary>
public sealed class ValidationErrorTests
{
    [Theory]
    [InlineData("https://exa%23mple.org", ValidationError.DomainInvalidCodePoint, false)]
    [InlineData("https://example%2eorg", ValidationError.DomainPercentEncoded, true)]
    [InlineData("https://a_b.org", ValidationError.DomainToAscii, true)]
    [InlineData("foo://exa[mple.org", ValidationError.HostInvalidCodePoint, false)]
    [InlineData("https://127.0.0.1./", ValidationError.Ipv4EmptyPart, true)]
    [InlineData("https://1.2.3/", ValidationError.Ipv4TooFewParts, true)]
    [InlineData("https://1.2.3.4.5/", ValidationError.Ipv4TooManyParts, false)]
    [InlineData("https://test.42", ValidationError.Ipv4NonNumericPart, false)]
    [InlineData("https://127.0.0x0.1", ValidationError.Ipv4NonDecimalPart, true)]
    [InlineData("https://255.255.4000.1", ValidationError.Ipv4OutOfRangePart, false)]
    [InlineData("https://１.2.3.4", ValidationError.Ipv4NonAsciiInput, true)]
    [InlineData("https://[::1", ValidationError.Ipv6Unclosed, false)]
    [InlineData("https://[:1]", ValidationError.Ipv6InvalidCompression, false)]
    [InlineData("https://[1:2:3:4:5:6:7:8:9]", ValidationError.Ipv6TooManyPieces, false)]
    [InlineData("https://[1::1::1]", ValidationError.Ipv6MultipleCompression, false)]
    [InlineData("https://[1:2:3!:4]", ValidationError.Ipv6InvalidCodePoint, false)]
    [InlineData("https://[1:2:3:]", ValidationError.Ipv6InvalidCodePoint, false)]
    [InlineData("https://[1:2:3]", ValidationError.Ipv6TooFewPieces, false)]
    [InlineData("https://[::01]", ValidationError.Ipv6PieceLeadingZero, true)]
    [InlineData("https://[1:1:1:1:1:1:1:127.0.0.1]", ValidationError.Ipv4InIpv6TooManyPieces, false)]
    [InlineData("https://[ffff::.0.0.1]", ValidationError.Ipv4InIpv6InvalidCodePoint, false)]
    [InlineData("https://[ffff::127.00.0.1]", ValidationError.Ipv4InIpv6InvalidCodePoint, false)]
    [InlineData("https://[ffff::127.0.0.1.2]", ValidationError.Ipv4InIpv6InvalidCodePoint, false)]
    [InlineData("https://[ffff::127.0.0.4000]", ValidationError.Ipv4InIpv6OutOfRangePart, false)]
    [InlineData("https://[ffff::127.0.0]", ValidationError.Ipv4InIpv6TooFewParts, false)]
    [InlineData("https://example.org/>", ValidationError.InvalidUrlUnit, true)]
    [InlineData(" https://example.org ", ValidationError.InvalidUrlUnit, true)]
    [InlineData("ht\ntps://example.org", ValidationError.InvalidUrlUnit, true)]
    [InlineData("https://example.org/%s", ValidationError.InvalidUrlUnit, true)]
    [InlineData("file:c:/my-secret-folder", ValidationError.SpecialSchemeMissingFollowingSolidus, true)]
    [InlineData("https:example.org", ValidationError.SpecialSchemeMissingFollowingSolidus, true)]
    [InlineData("💩", ValidationError.MissingSchemeNonRelativeUrl, false)]
    [InlineData("https://example.org\\path", ValidationError.InvalidReverseSolidus, true)]
    [InlineData("https://user@example.org", ValidationError.InvalidCredentials, true)]
    [InlineData("https://#fragment", ValidationError.HostMissing, false)]
    [InlineData("https://:443", ValidationError.HostMissing, false)]
    [InlineData("https://user:pass@", ValidationError.HostMissing, false)]
    [InlineData("https://example.org:70000", ValidationError.PortOutOfRange, false)]
    [InlineData("https://example.org:7z", ValidationError.PortInvalid, false)]
    [InlineData("file://c:", ValidationError.FileInvalidWindowsDriveLetterHost, true)]
    public void What_is_wrong_is_named(string text, ValidationError error, bool isUnderstood)
    {
        var errors = new List<ValidationError>();
        Assert.Equal(isUnderstood, Url.TryParse(text, null, errors, out _, out _));
        Assert.Contains(error, errors);
    }

    [Fact]
    public void A_drive_beside_a_file_is_named()
    {
        var errors = new List<ValidationError>();
        Assert.True(Url.TryParse("c|/x", Url.Parse("file:///c:/"), errors, out _, out _));
        Assert.Contains(ValidationError.FileInvalidWindowsDriveLetter, errors);
    }

    [Theory]
    [InlineData("https://example.org/a/b?c=d%20e#f")]
    [InlineData("https://한글.kr/길?질문")]
    [InlineData("http://[2001:db8::1]:8080/")]
    [InlineData("file:///ada/README.md")]
    [InlineData("urn:isbn:9780307476463")]
    public void Of_what_is_in_order_nothing_is_said(string text)
    {
        var errors = new List<ValidationError>();
        Assert.True(Url.TryParse(text, null, errors, out _, out _));
        Assert.Empty(errors);
    }
}

using System.Text.Json;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>The validation errors in words: the standard's name, and a sentence.</summary>
public static class ValidationErrors
{
    /// <summary>The standard's own name, such as <c>invalid-reverse-solidus</c>.</summary>
    public static string Name(this ValidationError error) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{error}");

    public static string Say(this ValidationError error, Language language)
    {
        var (english, korean) = Words(error);
        return language == Language.Korean ? korean : english;
    }

    private static (string English, string Korean) Words(ValidationError error) =>
        error switch
        {
            ValidationError.DomainToAscii => (
                "no such name can be registered: there is a character, a length or a hyphen that names may not have",
                "등록할 수 없는 이름입니다. 이름에 쓸 수 없는 문자나 길이, 하이픈이 있습니다"
            ),
            ValidationError.DomainInvalidCodePoint or ValidationError.HostInvalidCodePoint => (
                "the host has a character that no host has",
                "호스트에 쓸 수 없는 문자가 있습니다"
            ),
            ValidationError.DomainPercentEncoded => (
                "the host is written with %XX: it need not be",
                "호스트가 %XX로 적혀 있습니다. 그럴 필요가 없습니다"
            ),
            ValidationError.Ipv4NonAsciiInput => (
                "the address is written in digits of another script",
                "주소가 다른 문자의 숫자로 적혀 있습니다"
            ),
            ValidationError.Ipv4EmptyPart => ("the address ends in a dot", "주소가 점으로 끝납니다"),
            ValidationError.Ipv4TooFewParts => (
                "the address has fewer than four numbers: the last one fills what is left",
                "주소의 숫자가 네 개보다 적어 마지막 숫자가 나머지를 채웁니다"
            ),
            ValidationError.Ipv4TooManyParts => (
                "the address has more than four numbers",
                "주소의 숫자가 네 개보다 많습니다"
            ),
            ValidationError.Ipv4NonNumericPart => (
                "the host ends in a number, so it has to be an address, and is none",
                "호스트가 숫자로 끝나므로 주소여야 하는데 주소가 아닙니다"
            ),
            ValidationError.Ipv4NonDecimalPart => (
                "a number of the address is octal (a 0 in front) or hexadecimal (0x)",
                "주소에 8진수(앞의 0)나 16진수(0x) 숫자가 있습니다"
            ),
            ValidationError.Ipv4OutOfRangePart => (
                "a number of the address is greater than 255",
                "주소에 255보다 큰 숫자가 있습니다"
            ),
            ValidationError.Ipv6Unclosed => ("the bracket is not closed", "괄호가 닫히지 않았습니다"),
            ValidationError.Ipv6InvalidCompression => (
                "the IPv6 address begins with one colon: it has to be two",
                "IPv6 주소가 콜론 하나로 시작합니다. 두 개여야 합니다"
            ),
            ValidationError.Ipv6TooManyPieces => (
                "the IPv6 address has more than eight pieces",
                "IPv6 주소가 여덟 조각보다 많습니다"
            ),
            ValidationError.Ipv6MultipleCompression => (
                "'::' stands in the IPv6 address more than once",
                "IPv6 주소에 '::'가 두 번 이상 있습니다"
            ),
            ValidationError.Ipv6InvalidCodePoint => (
                "the IPv6 address has something that is no hexadecimal digit, or ends too early",
                "IPv6 주소에 16진수가 아닌 것이 있거나 주소가 중간에 끝납니다"
            ),
            ValidationError.Ipv6TooFewPieces => (
                "the IPv6 address has fewer than eight pieces and no '::'",
                "IPv6 주소가 여덟 조각보다 적은데 '::'도 없습니다"
            ),
            ValidationError.Ipv6PieceLeadingZero => (
                "a piece of the IPv6 address has a 0 too many in front",
                "IPv6 주소의 조각 앞에 필요 없는 0이 있습니다"
            ),
            ValidationError.Ipv4InIpv6TooManyPieces => (
                "there is no room for an IPv4 address at the end of the IPv6 address",
                "IPv6 주소 끝에 IPv4 주소가 들어갈 자리가 없습니다"
            ),
            ValidationError.Ipv4InIpv6InvalidCodePoint => (
                "the IPv4 address within the IPv6 address is not four decimal numbers",
                "IPv6 주소 안의 IPv4 주소가 10진수 네 개가 아닙니다"
            ),
            ValidationError.Ipv4InIpv6OutOfRangePart => (
                "the IPv4 address within the IPv6 address has a number greater than 255",
                "IPv6 주소 안의 IPv4 주소에 255보다 큰 숫자가 있습니다"
            ),
            ValidationError.Ipv4InIpv6TooFewParts => (
                "the IPv4 address within the IPv6 address has fewer than four numbers",
                "IPv6 주소 안의 IPv4 주소의 숫자가 네 개보다 적습니다"
            ),
            ValidationError.InvalidUrlUnit => (
                "there is a character that ought to be written as %XX, or to be left out",
                "%XX로 적거나 빼야 할 문자가 있습니다"
            ),
            ValidationError.SpecialSchemeMissingFollowingSolidus => (
                "behind the scheme there ought to be two slashes, no more and no less",
                "스킴 다음에는 슬래시가 꼭 두 개 있어야 합니다"
            ),
            ValidationError.MissingSchemeNonRelativeUrl => (
                "there is no scheme, and no page that it could be relative to",
                "스킴이 없고 기준이 되는 페이지도 없습니다"
            ),
            ValidationError.InvalidReverseSolidus => (
                "a backslash stands where a slash belongs",
                "슬래시 자리에 백슬래시가 있습니다"
            ),
            ValidationError.InvalidCredentials => (
                "user and password do not belong into a URL: whoever sees it can read them",
                "사용자 이름과 패스워드를 URL에 적으면 URL을 보는 사람은 누구나 읽을 수 있습니다"
            ),
            ValidationError.HostMissing => ("the host is missing", "호스트가 없습니다"),
            ValidationError.PortOutOfRange => ("ports end at 65535", "포트 번호는 65535까지입니다"),
            ValidationError.PortInvalid => ("the port is no number", "포트 번호가 숫자가 아닙니다"),
            ValidationError.FileInvalidWindowsDriveLetter => (
                "a Windows drive stands where a part of the path belongs",
                "경로의 자리에 Windows 드라이브가 있습니다"
            ),
            _ => (
                "a Windows drive stands where the host belongs: a third slash is missing",
                "호스트의 자리에 Windows 드라이브가 있습니다. 슬래시 하나가 빠졌습니다"
            ),
        };
}

namespace Twocan.Http;

/// <summary>
/// What is wrong with how a URL is written (URL Standard §1.1). Some end the parsing; with the others the URL is understood
/// all the same, as browsers do.
/// </summary>
public enum ValidationError
{
    // IDNA
    DomainToAscii,

    // Host parsing
    DomainInvalidCodePoint,
    DomainPercentEncoded,
    HostInvalidCodePoint,
    Ipv4NonAsciiInput,
    Ipv4EmptyPart,
    Ipv4TooFewParts,
    Ipv4TooManyParts,
    Ipv4NonNumericPart,
    Ipv4NonDecimalPart,
    Ipv4OutOfRangePart,
    Ipv6Unclosed,
    Ipv6InvalidCompression,
    Ipv6TooManyPieces,
    Ipv6MultipleCompression,
    Ipv6InvalidCodePoint,
    Ipv6TooFewPieces,
    Ipv6PieceLeadingZero,
    Ipv4InIpv6TooManyPieces,
    Ipv4InIpv6InvalidCodePoint,
    Ipv4InIpv6OutOfRangePart,
    Ipv4InIpv6TooFewParts,

    // URL parsing
    InvalidUrlUnit,
    SpecialSchemeMissingFollowingSolidus,
    MissingSchemeNonRelativeUrl,
    InvalidReverseSolidus,
    InvalidCredentials,
    HostMissing,
    PortOutOfRange,
    PortInvalid,
    FileInvalidWindowsDriveLetter,
    FileInvalidWindowsDriveLetterHost,
}

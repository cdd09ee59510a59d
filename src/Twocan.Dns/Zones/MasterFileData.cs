using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Dns;

/// <summary>The text of each type's data, and of types that we do not know (RFC 3597 §5).</summary>
internal static class MasterFileData
{
    private const int MaxStringLength = 255;

    public static bool TryRead(
        MasterFileFields fields,
        RecordType type,
        DomainName origin,
        [NotNullWhen(true)] out RecordData? data
    )
    {
        // \# may stand for the data of any type.
        if (!fields.IsEmpty && fields.Peek is { Quoted: false, Text: "\\#" })
            return TryGeneric(fields, type, out data);
        data = type.Number switch
        {
            1 => fields.TryAddress(IpFamily.V4, out var address) ? new AddressData(address) : null,
            28 => fields.TryAddress(IpFamily.V6, out var address) ? new AddressData(address, IpFamily.V6) : null,
            2 or 5 or 12 => fields.TryName($"the name that {type} points to", origin, out var target)
                ? new NameData(target)
                : null,
            6 => ReadSoa(fields, origin),
            15 => fields.TryUInt16("a preference", out var preference)
            && fields.TryName("the mail server's name", origin, out var exchange)
                ? new MailExchangeData(preference, exchange)
                : null,
            16 => ReadStrings(fields),
            _ => Unknown(fields, type),
        };
        return data is not null;
    }

    private static StartOfAuthorityData? ReadSoa(MasterFileFields fields, DomainName origin) =>
        fields.TryName("the primary server's name", origin, out var primary)
        && fields.TryName("the mailbox of who is responsible", origin, out var mailbox)
        && fields.TryNumber("a serial number", out var serial)
        && fields.TryTtl("the refresh time", out var refresh)
        && fields.TryTtl("the retry time", out var retry)
        && fields.TryTtl("the expire time", out var expire)
        && fields.TryTtl("the negative answers' TTL", out var minimum)
            ? new(primary, mailbox, serial, refresh, retry, expire, minimum)
            : null;

    private static TextData? ReadStrings(MasterFileFields fields)
    {
        var wire = new List<byte>();
        if (!fields.TryTake("a string, such as \"hello\"", out var token))
            return null;
        while (true)
        {
            var lengthAt = wire.Count;
            wire.Add(0);
            for (var i = 0; i < token.Text.Length; )
            {
                if (!CharacterText.TryRead(token.Text, ref i, out var octet))
                {
                    fields.Fail(
                        token,
                        "a string has ASCII characters, \\ and a character, or \\ and three digits up to 255"
                    );
                    return null;
                }
                wire.Add(octet);
            }
            var length = wire.Count - lengthAt - 1;
            if (length > MaxStringLength)
            {
                fields.Fail(token, $"a string has at most 255 octets, and this has {length}: make it two strings");
                return null;
            }
            wire[lengthAt] = (byte)length;
            if (fields.IsEmpty)
                return new(wire.ToArray());
            token = fields.Take();
        }
    }

    private static OpaqueData? Unknown(MasterFileFields fields, RecordType type)
    {
        var at = fields.IsEmpty ? default : fields.Peek;
        if (fields.IsEmpty)
            fields.TryTake("\\# and the data's length and hexadecimal digits", out _);
        else
            fields.Fail(at, $"the text of {type} data is not known here: write \\# LENGTH HEXDIGITS (RFC 3597)");
        return null;
    }

    private static bool TryGeneric(MasterFileFields fields, RecordType type, [NotNullWhen(true)] out RecordData? data)
    {
        data = null;
        var sign = fields.Take();
        if (!fields.TryUInt16("the data's length", out var length))
            return false;
        var digits = "";
        while (!fields.IsEmpty)
            digits += fields.Take().Text;
        if (digits.Length != 2 * length || !digits.All(char.IsAsciiHexDigit))
            return fields.Fail(sign, $"\\# {length} takes {2 * length} hexadecimal digits");
        var bytes = Convert.FromHexString(digits);
        return RecordData.TryRead(type, bytes, 0, bytes.Length, out data)
            || fields.Fail(sign, $"these bytes are not the data of a record of type {type}");
    }
}

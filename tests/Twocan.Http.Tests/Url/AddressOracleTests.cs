using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Twocan.Core;

namespace Twocan.Http.Tests;

/// <summary>Addresses in hosts, against readers that are written in another way: by patterns and whole numbers.</summary>
public sealed partial class AddressOracleTests
{
    private const RegexOptions Safely = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    [GeneratedRegex("^(?:(?<hex>0[xX][0-9a-fA-F]*)|(?<octal>0[0-7]+)|(?<decimal>0|[1-9][0-9]*))$", Safely)]
    private static partial Regex Number { get; }

    [GeneratedRegex("^([0-9]+|0[xX][0-9a-fA-F]*)$", Safely)]
    private static partial Regex LooksLikeNumber { get; }

    [GeneratedRegex(
        "^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$",
        Safely
    )]
    private static partial Regex Dotted { get; }

    [GeneratedRegex("^[0-9a-fA-F]{1,4}$", Safely)]
    private static partial Regex Piece { get; }

    [Fact]
    public void Numbers_and_dots_are_the_same_address_to_both()
    {
        var random = new RandomSource(4);
        string[] parts =
        [
            "0",
            "1",
            "255",
            "256",
            "0x",
            "0xff",
            "0x100",
            "010",
            "08",
            "0377",
            "4294967295",
            "4294967296",
            "65536",
            "16777216",
            "",
            "a",
            "0xg",
            "99999999999999999999",
            "0xffffffff",
        ];
        var addresses = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Join(
                '.',
                Enumerable.Range(0, 1 + random.Next(5)).Select(_ => parts[random.Next(parts.Length)])
            );
            if (text.Length == 0)
                continue;
            var parsed = Url.TryParse($"http://{text}/", out var url);
            var (isNumber, expected) = OracleV4(text);
            if (!isNumber)
            {
                Assert.True(parsed && url!.Host.Kind == UrlHostKind.Domain, text);
                continue;
            }
            Assert.True(parsed == expected is not null, text);
            if (!parsed)
                continue;
            Assert.Equal(expected, (BigInteger)url!.Host.Address!.Value.AsV4);
            addresses++;
        }
        Assert.InRange(addresses, 500, 20_000);
    }

    [Fact]
    public void Colons_and_digits_are_the_same_address_to_both()
    {
        var random = new RandomSource(6);
        string[] parts =
        [
            "0",
            "1",
            "ffff",
            "0001",
            "12345",
            "g",
            "",
            ":",
            "1.2.3.4",
            "1.2.3",
            "01.2.3.4",
            "255.255.255.255",
            "1.2.3.256",
        ];
        var addresses = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(9); i >= 0; i--)
                text.Append(random.Next(4) > 0 ? parts[random.Next(3)] : parts[random.Next(parts.Length)])
                    .Append(i > 0 ? ":" : "");
            var parsed = Url.TryParse($"http://[{text}]/", out var url);
            var expected = OracleV6(text.ToString());
            Assert.True(parsed == expected is not null, text.ToString());
            if (!parsed)
                continue;
            Assert.Equal(expected, url!.Host.Address!.Value.Bits);
            Assert.Equal(url.Host.Address, Url.Parse(url.Href).Host.Address);
            addresses++;
        }
        Assert.InRange(addresses, 500, 60_000);
    }

    private static (bool IsNumber, BigInteger? Address) OracleV4(string text)
    {
        var parts = text.Split('.').ToList();
        if (parts is [.., ""])
            parts.RemoveAt(parts.Count - 1);
        if (parts.Count == 0 || !LooksLikeNumber.IsMatch(parts[^1]))
            return (false, null);
        var matches = parts.ConvertAll(part => Number.Match(part));
        if (parts.Count > 4 || !matches.TrueForAll(static match => match.Success))
            return (true, null);
        var numbers = matches.ConvertAll(ValueOf);
        var room = BigInteger.Pow(256, 5 - numbers.Count);
        if (numbers[^1] >= room || numbers[..^1].Exists(static number => number > 255))
            return (true, null);
        var high = numbers[..^1].Aggregate(BigInteger.Zero, static (sum, number) => sum * 256 + number);
        return (true, high * room + numbers[^1]);
    }

    private static BigInteger ValueOf(Match match)
    {
        if (match.Groups["hex"].Success)
            return BigInteger.Parse(
                "0" + match.Value[2..],
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
        return match.Groups["octal"].Success
            ? match.Value.Aggregate(BigInteger.Zero, static (sum, digit) => sum * 8 + (digit - '0'))
            : BigInteger.Parse(match.Value, CultureInfo.InvariantCulture);
    }

    private static UInt128? OracleV6(string text)
    {
        var halves = text.Split("::");
        if (halves.Length > 2)
            return null;
        var pieces = halves.Select(static (half, i) => PiecesOf(half)).ToList();
        if (pieces.Exists(static half => half is null))
            return null;
        // An address in dots is the end of all.
        if (halves.Length == 2 && halves[0].Contains('.'))
            return null;
        var count = pieces.Sum(static half => half!.Count);
        if (halves.Length == 1 ? count != 8 : count > 7)
            return null;
        var all =
            halves.Length == 1
                ? pieces[0]!
                : [.. pieces[0]!, .. Enumerable.Repeat((ushort)0, 8 - count), .. pieces[1]!];
        return all.Aggregate(UInt128.Zero, static (sum, piece) => sum << 16 | piece);
    }

    private static List<ushort>? PiecesOf(string half)
    {
        var pieces = new List<ushort>();
        var parts = half.Length == 0 ? [] : half.Split(':');
        for (var i = 0; i < parts.Length; i++)
        {
            if (Piece.IsMatch(parts[i]))
            {
                pieces.Add(ushort.Parse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            }
            else if (i == parts.Length - 1 && Dotted.IsMatch(parts[i]))
            {
                var octets = parts[i]
                    .Split('.')
                    .Select(static octet => int.Parse(octet, CultureInfo.InvariantCulture))
                    .ToArray();
                pieces.Add((ushort)(octets[0] << 8 | octets[1]));
                pieces.Add((ushort)(octets[2] << 8 | octets[3]));
            }
            else
            {
                return null;
            }
        }
        return pieces;
    }
}

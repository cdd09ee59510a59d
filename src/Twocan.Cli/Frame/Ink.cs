namespace Twocan.Cli;

/// <summary>How a piece of text looks on a terminal that has colour; flags, so that <c>Ink.Bold | Ink.Green</c> works.</summary>
[Flags]
internal enum Ink
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Underline = 4,
    Red = 8,
    Green = 16,
    Yellow = 32,
    Blue = 64,
    Magenta = 128,
    Cyan = 256,
}

internal static class InkExtensions
{
    private static readonly (Ink Ink, string Code)[] Codes =
    [
        (Ink.Bold, "1"),
        (Ink.Dim, "2"),
        (Ink.Underline, "4"),
        (Ink.Red, "31"),
        (Ink.Green, "32"),
        (Ink.Yellow, "33"),
        (Ink.Blue, "34"),
        (Ink.Magenta, "35"),
        (Ink.Cyan, "36"),
    ];

    /// <summary>The text between the escape sequences (ECMA-48 SGR) that switch the ink on and off.</summary>
    public static string Over(this Ink ink, string text) =>
        ink == Ink.Plain || text.Length == 0
            ? text
            : $"\e[{string.Join(';', Codes.Where(code => ink.HasFlag(code.Ink)).Select(code => code.Code))}m{text}\e[0m";
}

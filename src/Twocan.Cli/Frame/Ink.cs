using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>How the roles of a text look on a terminal that has colour: ECMA-48 SGR, in the eight colours that every theme defines.</summary>
internal static class Ink
{
    public static string Over(Piece piece) =>
        Code(piece.Role) is { } code && !string.IsNullOrWhiteSpace(piece.Content)
            ? $"\e[{code}m{piece.Content}\e[0m"
            : piece.Content;

    private static string? Code(Role role) =>
        role switch
        {
            Role.Strong => "1",
            Role.Faint or Role.Time => "2",
            Role.Host => "1;36",
            Role.Address => "36",
            Role.Name or Role.Good => "32",
            Role.Call => "35",
            Role.State or Role.Number => "33",
            Role.Bad => "1;31",
            _ => null,
        };
}

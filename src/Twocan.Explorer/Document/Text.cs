using System.Runtime.CompilerServices;

namespace Twocan.Explorer;

/// <summary>What a piece of text is; how that looks is the terminal's business.</summary>
public enum Role
{
    Plain,
    Strong,
    Faint,
    Time,
    Host,
    Address,
    Name,
    Call,
    State,
    Number,
    Good,
    Bad,
}

public readonly record struct Piece(string Content, Role Role);

/// <summary>
/// A line of text in pieces, each with its role. Written as an interpolated string whose format is the role:
/// <c>$"{server:host} answers {address:address}"</c>.
/// </summary>
[InterpolatedStringHandler]
public sealed class Text
{
    private readonly List<Piece> _pieces;

    public Text(int literalLength, int formattedCount) => _pieces = new(2 * formattedCount + 1);

    public Text(string content, Role role = Role.Plain) => _pieces = [new(content, role)];

    public IReadOnlyList<Piece> Pieces => _pieces;

    public bool IsEmpty => _pieces.TrueForAll(static piece => piece.Content.Length == 0);

    public static implicit operator Text(string content) => new(content);

    public void AppendLiteral(string literal) => _pieces.Add(new(literal, Role.Plain));

    public void AppendFormatted(Text text) => _pieces.AddRange(text._pieces);

    public void AppendFormatted<T>(T value) => _pieces.Add(new($"{value}", Role.Plain));

    public void AppendFormatted<T>(T value, string format) => _pieces.Add(new($"{value}", RoleOf(format)));

    public static Text operator +(Text a, Text b)
    {
        var sum = new Text(0, a._pieces.Count + b._pieces.Count);
        sum._pieces.AddRange(a._pieces);
        sum._pieces.AddRange(b._pieces);
        return sum;
    }

    /// <summary>The text alone.</summary>
    public override string ToString() => string.Concat(_pieces.Select(static piece => piece.Content));

    private static Role RoleOf(string format) =>
        format switch
        {
            "plain" => Role.Plain,
            "strong" => Role.Strong,
            "faint" => Role.Faint,
            "time" => Role.Time,
            "host" => Role.Host,
            "address" => Role.Address,
            "name" => Role.Name,
            "call" => Role.Call,
            "state" => Role.State,
            "number" => Role.Number,
            "good" => Role.Good,
            "bad" => Role.Bad,
            _ => throw new ArgumentException($"'{format}' is no role of a text", nameof(format)),
        };
}

namespace Twocan.Dns;

/// <summary>A mistake in a master file: where it is, what is wrong, and what would be right.</summary>
public readonly record struct ZoneError(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

namespace Twocan.Http;

/// <summary>How large a message may be, in each direction in which it can grow; and with which status it is refused beyond.</summary>
public sealed record MessageLimits
{
    public static readonly MessageLimits Default = new();

    /// <summary>Bytes of a request line or status line: 414.</summary>
    public int StartLine { get; init; } = 8 * 1024;

    /// <summary>Characters of a method: 501.</summary>
    public int Method { get; init; } = 32;

    /// <summary>Bytes of one field line: 431.</summary>
    public int FieldLine { get; init; } = 8 * 1024;

    /// <summary>Bytes of all field lines of a section: 431.</summary>
    public int FieldSection { get; init; } = 32 * 1024;

    /// <summary>Field lines of a section: 431.</summary>
    public int FieldCount { get; init; } = 100;

    /// <summary>Bytes of a chunk's size with its extensions: 400.</summary>
    public int ChunkLine { get; init; } = 256;

    /// <summary>Bytes of a body: 413.</summary>
    public long Body { get; init; } = long.MaxValue;

    /// <summary>Interim (1xx) responses before the final one.</summary>
    public int Interims { get; init; } = 16;
}

/// <summary>What is wrong with a message: the status that answers it (502 where the message is a response), and why.</summary>
public readonly record struct MessageError(int Status, string Why)
{
    public override string ToString() => $"{Status}: {Why}";
}

using System.Buffers.Binary;

namespace Twocan.Http;

/// <summary>The bidirectional classes that the rule for right-to-left names knows (RFC 5893); all others are one.</summary>
internal enum BidiClass
{
    ON,
    L,
    R,
    AL,
    AN,
    EN,
    ES,
    CS,
    ET,
    BN,
    NSM,
    Other,
}

/// <summary>How a character joins its neighbours in scripts that are written joined.</summary>
internal enum JoiningType
{
    None,
    Causing,
    Dual,
    Right,
    Left,
    Transparent,
}

/// <summary>What Unicode says of one character, as far as a domain name asks.</summary>
internal readonly record struct CharacterProperties(ushort Value)
{
    /// <summary>Of a virama, which asks the next letter to join.</summary>
    public const int Virama = 9;

    public int CombiningClass => Value & 0xFF;

    public bool IsMark => (Value & 0x100) != 0;

    public JoiningType Joining => (JoiningType)(Value >> 9 & 7);

    public BidiClass Bidi => (BidiClass)(Value >> 12);
}

/// <summary>What becomes of a character in a domain name (UTS #46 §5).</summary>
internal enum IdnaStatus
{
    Valid,
    Disallowed,
    Ignored,
    Mapped,
}

/// <summary>
/// The tables of <c>unicode.bin</c>, read where they lie in the assembly: nothing is loaded, and nothing is unpacked but the
/// compositions. A machine without ICU has no others. <c>generate.py</c> makes the file and tells its layout.
/// </summary>
internal static unsafe class UnicodeData
{
    private const int HeaderLength = 16;
    private const uint NeverComposed = 1u << 31;

    private static readonly byte* Start;
    private static readonly int MappingRuns;
    private static readonly int PropertyRuns;
    private static readonly int Decompositions;
    private static readonly int MappingValues;
    private static readonly Lazy<Dictionary<ulong, int>> Compositions = new(ReadCompositions);

    static UnicodeData()
    {
        var stream = (UnmanagedMemoryStream)typeof(UnicodeData).Assembly.GetManifestResourceStream("unicode.bin")!;
        Start = stream.PositionPointer;
        MappingRuns = (int)Number(0);
        PropertyRuns = (int)Number(4);
        Decompositions = (int)Number(8);
        MappingValues = HeaderLength + 4 * (MappingRuns + PropertyRuns + 3 * Decompositions);
    }

    /// <summary>What a character is in a domain name; <paramref name="mapped"/> is what stands in its place.</summary>
    public static IdnaStatus StatusOf(int character, out ReadOnlySpan<char> mapped)
    {
        mapped = default;
        var value = Half(MappingValues + 2 * RunOf(character, HeaderLength, MappingRuns));
        if (value < (int)IdnaStatus.Mapped)
            return (IdnaStatus)value;
        var place = MappingValues + 2 * (MappingRuns + PropertyRuns + value - (int)IdnaStatus.Mapped);
        // The pool holds the machine's own characters: what is published is little-endian, as are all machines of .NET.
        mapped = new(Start + place + 2, Half(place));
        return IdnaStatus.Mapped;
    }

    public static CharacterProperties PropertiesOf(int character) =>
        new(Half(MappingValues + 2 * (MappingRuns + RunOf(character, HeaderLength + 4 * MappingRuns, PropertyRuns))));

    /// <summary>The canonical decomposition, one step; <paramref name="second"/> is 0 when it is one character alone.</summary>
    public static bool TryDecompose(int character, out int first, out int second)
    {
        var characters = HeaderLength + 4 * (MappingRuns + PropertyRuns);
        var found = RunOf(character, characters, Decompositions);
        var isThere = found >= 0 && Number(characters + 4 * found) == character;
        first = isThere ? (int)Number(characters + 4 * (Decompositions + found)) : 0;
        second = isThere ? (int)(Number(characters + 4 * (2 * Decompositions + found)) & ~NeverComposed) : 0;
        return isThere;
    }

    /// <summary>The primary composite of two characters.</summary>
    public static bool TryCompose(int first, int second, out int composed) =>
        Compositions.Value.TryGetValue((ulong)(uint)first << 32 | (uint)second, out composed);

    private static Dictionary<ulong, int> ReadCompositions()
    {
        var compositions = new Dictionary<ulong, int>(1024);
        var characters = HeaderLength + 4 * (MappingRuns + PropertyRuns);
        for (var i = 0; i < Decompositions; i++)
        {
            var second = Number(characters + 4 * (2 * Decompositions + i));
            if ((second & NeverComposed) == 0)
                compositions.Add(
                    (ulong)Number(characters + 4 * (Decompositions + i)) << 32 | second,
                    (int)Number(characters + 4 * i)
                );
        }
        return compositions;
    }

    /// <summary>The last of the ascending numbers that is not greater than the character; -1 when all are.</summary>
    private static int RunOf(int character, int numbers, int count)
    {
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (Number(numbers + 4 * middle) <= character)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }

    private static uint Number(int at) => BinaryPrimitives.ReadUInt32LittleEndian(new(Start + at, 4));

    private static ushort Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(new(Start + at, 2));
}

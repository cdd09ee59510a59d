namespace Twocan.Sockets;

/// <summary>What a program says of one write alone.</summary>
[Flags]
public enum SendFlags
{
    None = 0,

    /// <summary>MSG_MORE: more will follow at once, so what does not fill a segment may wait for it.</summary>
    More = 1,

    /// <summary>MSG_EOR: a record ends here; what is written later does not go in the same segment.</summary>
    EndOfRecord = 2,
}

using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A packetdrill script, read: what stands before the time line, and the time line.</summary>
public sealed record DrillScript(string File, IReadOnlyList<DrillOption> Options, IReadOnlyList<DrillEvent> Events);

/// <summary>A line <c>--name=value</c>.</summary>
public readonly record struct DrillOption(int Line, string Name, string Value);

public enum DrillTimeKind
{
    /// <summary>Counted from the beginning of the script.</summary>
    Absolute,

    /// <summary>Counted from the event before: <c>+.1</c>.</summary>
    Relative,

    /// <summary>Whenever it happens: <c>*</c>.</summary>
    Any,
}

/// <summary>When something is to happen; at the latest by <paramref name="Latest"/>, where the script leaves room (<c>+0~+.1</c>).</summary>
/// <param name="Returns">When a call that blocks comes back (<c>0...0.3</c>), counted as <paramref name="At"/> is.</param>
public readonly record struct DrillTime(
    DrillTimeKind Kind,
    Duration At,
    Duration? Latest = null,
    Duration? Returns = null
);

/// <summary>One event of the time line.</summary>
public abstract record DrillEvent(int Line, DrillTime Time);

/// <summary>Shell commands that set a real kernel up.</summary>
public sealed record DrillShell(int Line, DrillTime Time, string Commands) : DrillEvent(Line, Time);

/// <summary><c>%{ … }%</c>: Python over TCP_INFO.</summary>
public sealed record DrillCode(int Line, DrillTime Time, string Code) : DrillEvent(Line, Time);

/// <summary>A system call, and what it returns.</summary>
/// <param name="Result">Null for <c>...</c>: whatever.</param>
/// <param name="Error">The name of the error that goes with -1.</param>
public sealed record DrillCall(
    int Line,
    DrillTime Time,
    string Name,
    IReadOnlyList<DrillValue> Arguments,
    long? Result,
    string? Error
) : DrillEvent(Line, Time);

/// <summary>A packet that arrives at us (<c>&lt;</c>) or that we send (<c>&gt;</c>).</summary>
public sealed record DrillPacket(int Line, DrillTime Time, bool IsInbound, DrillIp Ip, DrillPayload Payload)
    : DrillEvent(Line, Time);

/// <summary>What is said of the IP header; null is not looked at.</summary>
public readonly record struct DrillIp(byte? Ecn, byte? TypeOfService, byte? TimeToLive)
{
    /// <summary>Whether any of the three is named.</summary>
    public bool IsNamed => Ecn is not null || TypeOfService is not null || TimeToLive is not null;
}

public abstract record DrillPayload;

/// <param name="Ports">Source and destination, where the script names them.</param>
/// <param name="Options">Null for <c>&lt;...&gt;</c>: whichever.</param>
public sealed record DrillTcp(
    (ushort Source, ushort Destination)? Ports,
    TcpFlags Flags,
    uint Start,
    int Length,
    uint? Acknowledgement,
    ushort? Window,
    ushort Urgent,
    DrillTcpOptions? Options
) : DrillPayload;

public sealed record DrillUdp((ushort Source, ushort Destination)? Ports, int Length) : DrillPayload;

/// <param name="Kind">As packetdrill names it: <c>unreachable</c>, <c>packet_too_big</c>.</param>
/// <param name="Quoted">The beginning of the segment or datagram that the message is about.</param>
public sealed record DrillIcmp(string Kind, string? Code, uint? Mtu, DrillPayload? Quoted) : DrillPayload;

/// <summary>The bytes of the options in their order; where the numbers stand in them that have to be translated.</summary>
/// <param name="TimestampAt">The position of the time stamp option's value; -1 when there is none.</param>
/// <param name="SackAt">The positions of the edges of SACK blocks.</param>
public sealed record DrillTcpOptions(byte[] Bytes, int TimestampAt, IReadOnlyList<int> SackAt)
{
    public static readonly DrillTcpOptions None = new([], -1, []);
}

/// <summary>An argument of a call.</summary>
public abstract record DrillValue;

/// <summary><c>...</c>: whatever.</summary>
public sealed record DrillEllipsis : DrillValue;

public sealed record DrillNumber(long Value) : DrillValue;

public sealed record DrillText(string Value) : DrillValue;

public sealed record DrillList(IReadOnlyList<DrillValue> Items) : DrillValue;

/// <summary><c>{events=POLLIN, fd=4}</c>; a field without a name is known by its place.</summary>
public sealed record DrillStructure(IReadOnlyList<(string? Name, DrillValue Value)> Fields) : DrillValue
{
    public DrillValue? this[string name]
    {
        get
        {
            foreach (var field in Fields)
            {
                if (field.Name == name)
                    return field.Value;
            }
            return null;
        }
    }
}

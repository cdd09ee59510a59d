using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// What the packets of a script belong to: two ends, and how the script's numbers become those of the cable. The peer's
/// sequence numbers and time stamps are as the script has them, since the script makes them; ours begin where the stack wants.
/// Where a SYN of the script has another number than 0, all segments but SYNs count from it, as packetdrill has it.
/// </summary>
internal sealed class DrillConversation(IpProtocol protocol, Endpoint local, Endpoint remote)
{
    private readonly Dictionary<uint, uint> _timestamps = [];

    public IpProtocol Protocol => protocol;

    /// <summary>Our end; port 0 until the stack has chosen one.</summary>
    public Endpoint Local { get; private set; } = local;

    public Endpoint Remote => remote;

    /// <summary>Both ends are known.</summary>
    public bool IsComplete => Local.Port != Port.Any;

    /// <summary>Which ports the script gives to the two ends, if any.</summary>
    public (ushort Local, ushort Remote)? ScriptPorts { get; set; }

    private uint _ourStart;
    private uint _ourScriptStart;

    /// <summary>What our sequence numbers are ahead of the script's.</summary>
    public uint Offset(bool isSyn = false) => isSyn ? _ourStart - _ourScriptStart : _ourStart;

    /// <summary>What the peer's are.</summary>
    public uint TheirOffset(bool isSyn = false) => isSyn ? 0 : _theirFirst ?? 0;

    public bool IsNumbered { get; private set; }

    /// <summary>Is it one of this conversation's? The first fixes the port that was left to the stack.</summary>
    public bool Owns(LivePacket live)
    {
        if (live.Protocol is IpProtocol.Icmp or IpProtocol.IcmpV6)
            return live.Remote.Address == remote.Address;
        if (live.Protocol != protocol || live.Remote != remote)
            return false;
        if (Local.Port == Port.Any)
            Local = live.Local;
        return live.Local == Local;
    }

    /// <summary>Our SYN: from now on our numbers are known.</summary>
    public void OnOurSyn(uint script, uint live)
    {
        if (!IsNumbered)
            (_ourStart, _ourScriptStart, IsNumbered) = (live, script, true);
    }

    /// <summary>The peer's SYN: the first one, since another may come at any time.</summary>
    public void OnTheirSyn(uint start) => _theirFirst ??= start;

    private uint? _theirFirst;

    /// <summary>Our clock showed <paramref name="live"/> where the script writes <paramref name="script"/>.</summary>
    public void OnOurTimestamp(uint script, uint live)
    {
        _timestamps.TryAdd(script, live);
        FirstTimestamp ??= (script, live);
    }

    public (uint Script, uint Live)? FirstTimestamp { get; private set; }

    /// <summary>What the peer echoes: a value that a line has named, else one as far from the first as the script's.</summary>
    public uint EchoOf(uint script) =>
        _timestamps.TryGetValue(script, out var live) ? live
        : FirstTimestamp is { } first ? first.Live + (script - first.Script)
        : script;
}

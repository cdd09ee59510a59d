using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Twocan.Core;

namespace Twocan.Sockets;

public enum SocketKind
{
    /// <summary>SOCK_STREAM: TCP.</summary>
    Stream,

    /// <summary>SOCK_DGRAM: UDP.</summary>
    Datagram,

    /// <summary>ICMP echo and the errors that it earns, as Linux's 'ping sockets' do it: whole ICMP messages, from the type on.</summary>
    Icmp,
}

public enum ShutdownHow
{
    Read,
    Write,
    Both,
}

/// <summary>What a descriptor is ready for, with the numbers of Linux's poll(2).</summary>
[Flags]
public enum PollEvents
{
    None = 0,

    /// <summary>A read or an accept would not wait.</summary>
    In = 1,

    /// <summary>A write would not wait.</summary>
    Out = 4,

    /// <summary>An error waits to be fetched.</summary>
    Error = 8,

    /// <summary>Both directions are at their end.</summary>
    HangUp = 16,

    /// <summary>There is no such descriptor: only among many, where one alone is refused.</summary>
    Invalid = 32,

    /// <summary>The peer has said its last.</summary>
    ReadHangUp = 0x2000,
}

/// <summary>One of the descriptors of a poll: what is wanted of it, and what it was found ready for. A negative number is passed over.</summary>
public record struct PollDescriptor(int Descriptor, PollEvents Wanted)
{
    public PollEvents Found { get; set; }
}

/// <summary>What a receive call brought: how many bytes, from whom, with what TTL left, and which event brought it.</summary>
public readonly record struct Received(int Length, Endpoint From, byte TimeToLive, EventId Because);

/// <summary>An ICMP error about a datagram of mine: what recvmsg gives with MSG_ERRQUEUE.</summary>
/// <param name="Error">What a connected socket would have thrown.</param>
/// <param name="From">Who says so: a router on the way, the destination, or this host itself.</param>
/// <param name="Mtu">With 'fragmentation needed': the longest packet that the next link takes, if the router said so.</param>
/// <param name="To">Where the datagram was going.</param>
public readonly record struct ReceivedError(
    SocketError Error,
    IpAddress From,
    byte Type,
    byte Code,
    ushort Mtu,
    Endpoint To,
    EventId Because
);

/// <summary>So many bytes of a file, for <see cref="ISocketCalls.SendFileAsync"/>.</summary>
public readonly record struct FilePart(SafeFileHandle File, long Offset, long Length);

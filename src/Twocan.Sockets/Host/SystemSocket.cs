using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// The operating system's calls on one of its sockets. None of them waits and none throws: each answers by a
/// <see cref="SocketError"/> what became of it, <see cref="SocketError.WouldBlock"/> among others. Whoever has to wait
/// watches for the moment at which to try again.
/// </summary>
internal abstract class SystemSocket : IDisposable
{
    /// <summary>Throws where the system refuses to make one.</summary>
    public static SystemSocket Open(LoopDriver driver, SocketKind kind, IpFamily family) =>
        driver switch
        {
            LinuxDriver linux when OperatingSystem.IsLinux() => LinuxSocket.Open(linux, kind, family),
            PortableDriver portable => PortableSocket.Open(portable, kind, family),
            _ => throw new InvalidOperationException("The operating system's sockets need a loop in real time."),
        };

    public abstract IpFamily Family { get; }

    /// <summary>A raw socket of a user who may have no ping sockets: it hears all ICMP of the machine.</summary>
    public abstract bool IsRaw { get; }

    /// <summary>Its watch tells of each change by itself: what was found empty stays so until it has told.</summary>
    public abstract bool TellsEdges { get; }

    public abstract Endpoint Local { get; }

    public abstract Endpoint Remote { get; }

    public abstract SocketError Bind(Endpoint local);

    public abstract SocketError Listen(int backlog);

    public abstract SocketError Accept(out SystemSocket? connection, out Endpoint remote);

    /// <summary><see cref="SocketError.InProgress"/>: it is connected when it becomes writable, unless there is an error then.</summary>
    public abstract SocketError Connect(Endpoint remote);

    public abstract SocketError Receive(Span<byte> into, out int count);

    public abstract SocketError Send(ReadOnlySpan<byte> data, out int count);

    /// <summary>The pieces from <paramref name="skip"/> bytes on.</summary>
    public abstract SocketError SendPieces(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, int skip, out int count);

    /// <summary>False where files have to go through memory.</summary>
    public virtual bool SendsFiles => false;

    /// <summary>Bytes behind which more are going to follow at once: they need not leave by themselves.</summary>
    public virtual SocketError SendHead(ReadOnlySpan<byte> head, out int count) => Send(head, out count);

    /// <summary>Success and 0: the file has ended.</summary>
    public virtual SocketError SendFile(FilePart part, out long count)
    {
        count = 0;
        return SocketError.OperationNotSupported;
    }

    public abstract SocketError SendTo(ReadOnlySpan<byte> data, Endpoint to);

    public abstract SocketError ReceiveFrom(Span<byte> into, out Received received);

    /// <summary>An ICMP error from the queue where they wait, and the beginning of what it is about.</summary>
    public virtual bool TryReceiveError(Span<byte> quoted, out ReceivedError error, out int length)
    {
        (error, length) = (default, 0);
        return false;
    }

    public abstract SocketError Shutdown(ShutdownHow how);

    public abstract PollEvents Poll();

    /// <summary>SO_ERROR: the error that waits, told once.</summary>
    public abstract SocketError TakeError();

    public abstract SocketError SetOption(SocketOption option, int value);

    /// <summary>Null for what it has no word for.</summary>
    public abstract int? GetOption(SocketOption option);

    /// <summary>TCP_INFO; null where the system does not tell.</summary>
    public virtual HostTcpInfo? TakeStock() => null;

    /// <summary>Until the answer is disposed, which has to be before the socket is.</summary>
    public abstract IWatch Watch(Action<Readiness> onReady);

    public abstract void Dispose();
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Twocan.Bench;

/// <summary>
/// The far end of bench 'tap': this program once more, in a network namespace, on the kernel's own sockets. It writes so much at once
/// that the kernel, and not the program above it, decides how much goes into a packet.
/// </summary>
internal static class KernelPeer
{
    /// <summary>By this first argument the program knows that it is the far end.</summary>
    public const string Word = "kernel-peer";

    private const int ChunkBytes = 1 << 20;

    public static Process Start(string netns, string address, int port, bool receives, long bytes) =>
        Process.Start(
            "ip",
            [
                "netns",
                "exec",
                netns,
                Environment.ProcessPath!,
                .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                    ? [typeof(KernelPeer).Assembly.Location]
                    : Array.Empty<string>(),
                Word,
                address,
                port.ToString(CultureInfo.InvariantCulture),
                receives ? "receive" : "send",
                bytes.ToString(CultureInfo.InvariantCulture),
            ]
        );

    public static int Run(string[] arguments)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Parse(arguments[1]), int.Parse(arguments[2], CultureInfo.InvariantCulture));
        var (chunk, left) = (new byte[ChunkBytes], long.Parse(arguments[4], CultureInfo.InvariantCulture));
        if (arguments[3] == "receive")
        {
            while (socket.Receive(chunk) is > 0 and var count)
                left -= count;
            return left == 0 ? 0 : 1;
        }
        for (; left > 0; left -= ChunkBytes)
            socket.Send(chunk.AsSpan(0, (int)Math.Min(left, ChunkBytes)));
        socket.Shutdown(SocketShutdown.Send);
        return socket.Receive(chunk) == 0 ? 0 : 1;
    }
}

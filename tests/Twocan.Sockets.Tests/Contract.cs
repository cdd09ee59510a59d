using System.Net.Sockets;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Sockets.Tests;

/// <summary>The networks that every program may find itself on, and what is done on them again and again.</summary>
public abstract class Contract
{
    protected const string Ours = "our own stack";
    protected const string OnEpoll = "Linux, epoll";
    protected const string OnSelect = "this system, select";

    protected static readonly Endpoint Here = new(IpAddress.Loopback, 0);

    public static TheoryData<string> Networks =>
        OperatingSystem.IsLinux() ? [Ours, OnEpoll, OnSelect] : [Ours, OnSelect];

    /// <summary>Those that know all of poll, and SO_REUSEPORT.</summary>
    public static TheoryData<string> UnixNetworks => OperatingSystem.IsLinux() ? [Ours, OnEpoll] : [Ours];

    protected static void On(string kind, Func<INetwork, Task> test)
    {
        if (kind == Ours)
        {
            var virtualLoop = EventLoop.Virtual(1);
            var host = new ProtocolStack("host", virtualLoop, virtualLoop.Random.Fork("host"));
            virtualLoop.Run(() => test(host));
            Assert.Equal(0, host.Sockets.OpenCount);
            return;
        }
        LoopDriver driver = kind == OnSelect || !OperatingSystem.IsLinux() ? new PortableDriver() : new LinuxDriver();
        using ((IDisposable)driver)
        {
            var loop = new EventLoop(driver, 1);
            var network = new HostNetwork(loop);
            loop.CreateTimer(loop.Interrupt).Set(loop.Now + Duration.FromSeconds(20));
            loop.Run(() => test(network));
            Assert.Equal(0, network.Sockets.OpenCount);
        }
    }

    protected static SocketError FailureOf(Action call) => Assert.ThrowsAny<SocketException>(call).SocketErrorCode;

    protected static async Task<SocketError> FailureOf(Func<ValueTask> call) =>
        (await Assert.ThrowsAnyAsync<SocketException>(async () => await call())).SocketErrorCode;

    protected static async Task<(TcpStream Client, TcpStream Server)> PipeAsync(INetwork network)
    {
        using var listener = network.Listen(Here);
        var client = await network.ConnectAsync(listener.LocalEndpoint);
        return (client, await listener.AcceptAsync());
    }

    protected static Endpoint Gone(INetwork network)
    {
        using var socket = network.OpenDatagram(Here);
        return socket.LocalEndpoint;
    }

    protected static async Task SendAsync(TcpStream stream, byte[] data)
    {
        await stream.WriteAsync(data);
        stream.ShutdownWrite();
    }

    protected static async Task EchoAsync(TcpStream stream)
    {
        await using (stream)
        {
            var buffer = new byte[16_384];
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                await stream.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    protected static Microsoft.Win32.SafeHandles.SafeFileHandle TemporaryFile(byte[] content)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, content);
        return File.OpenHandle(path, options: FileOptions.DeleteOnClose);
    }
}

using Twocan.Core;

namespace Twocan.Sockets.Tests;

/// <summary>A server that has run for a while makes nothing for a request: counted, not timed.</summary>
public sealed class AllocationTests : Contract
{
    private const int Rounds = 200;
    private const int MaxBatches = 50;

    public static TheoryData<string> Paths => ["read and write", "try and poll", "pieces", "file"];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Reading_and_writing_on_epoll_allocates_nothing(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux's epoll");
        On(
            OnEpoll,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var (question, answer) = (new byte[100], new byte[2000]);
                ReadOnlyMemory<byte>[] pieces = [answer.AsMemory(0, 300), answer.AsMemory(300)];
                using var file = TemporaryFile(answer);
                network.Loop.Start("server", () => ServeAsync(path, server, answer, pieces, file));
                // What fills its pools is over some time.
                var allocated = long.MaxValue;
                for (var batch = 0; batch < MaxBatches && allocated > Rounds; batch++)
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    for (var i = 0; i < Rounds; i++)
                    {
                        await client.WriteAsync(question);
                        for (var left = answer.Length; left > 0; )
                            left -= await client.ReadAsync(answer.AsMemory(0, left));
                    }
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                }
                Assert.InRange(allocated, 0, Rounds);
                client.ShutdownWrite();
                Assert.Equal(0, await client.ReadAsync(answer));
                client.Dispose();
            }
        );
    }

    private static async Task ServeAsync(
        string path,
        TcpStream stream,
        byte[] answer,
        ReadOnlyMemory<byte>[] pieces,
        Microsoft.Win32.SafeHandles.SafeFileHandle file
    )
    {
        using var _ = stream;
        var buffer = new byte[4096];
        while (true)
        {
            int length;
            if (path == "try and poll")
            {
                while (!stream.TryRead(buffer, out length))
                    await stream.WaitToReadAsync();
            }
            else
            {
                length = await stream.ReadAsync(buffer);
            }
            if (length == 0)
                return;
            if (path == "pieces")
                await stream.WriteAsync(pieces);
            else if (path == "file")
                await stream.SendFileAsync(pieces[0], new(file, 300, answer.Length - 300));
            else
                await stream.WriteAsync(answer);
        }
    }
}

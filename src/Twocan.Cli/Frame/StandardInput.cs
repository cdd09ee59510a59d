using Twocan.Core;

namespace Twocan.Cli;

/// <summary>What stands on our standard input, for a program on a loop.</summary>
internal static class StandardInput
{
    /// <summary>
    /// In virtual time nothing happens while a file or a pipe is read: the world waits. Null where somebody types: a world does not
    /// wait for people.
    /// </summary>
    public static Func<Memory<byte>, CancellationToken, ValueTask<int>>? ForWorld()
    {
        if (!Console.IsInputRedirected)
            return null;
        var input = Console.OpenStandardInput();
        return (buffer, _) => ValueTask.FromResult(input.Read(buffer.Span));
    }

    /// <summary>In real time it is read on a thread of its own, and the loop is told.</summary>
    public static Func<Memory<byte>, CancellationToken, ValueTask<int>> ForHost(EventLoop loop, string owner)
    {
        var (input, arrived) = (Console.OpenStandardInput(), new Signal(loop, owner, "standard input"));
        return async (buffer, stop) =>
        {
            var count = -1;
            // Whoever stops waiting leaves the read to itself: it ends with the process.
            _ = Task.Run(
                () =>
                {
                    var read = input.Read(buffer.Span);
                    loop.PostFromOutside(() =>
                    {
                        count = read;
                        arrived.Set();
                    });
                },
                CancellationToken.None
            );
            while (count < 0)
                await arrived.WaitAsync(stop);
            return count;
        };
    }

    /// <summary>A text that was said on the command line.</summary>
    public static Func<Memory<byte>, CancellationToken, ValueTask<int>> Of(byte[] text)
    {
        var at = 0;
        return (buffer, _) =>
        {
            var count = Math.Min(buffer.Length, text.Length - at);
            text.AsMemory(at, count).CopyTo(buffer);
            at += count;
            return ValueTask.FromResult(count);
        };
    }
}

#pragma warning disable RS0030 // Each loop is a thread, and here they begin.
using System.Runtime.ExceptionServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A program on several loops of this machine's own network, each a thread with a network of its own: a server on every core,
/// where the loops share nothing but the port (<see cref="ListenOptions.SharesPort"/>).
/// </summary>
public static class HostLoops
{
    /// <summary>
    /// Returns when the program has ended on all of them. What it throws on one ends it on the others too, and is thrown here.
    /// </summary>
    /// <param name="program">Told its network, and its number from 0 on.</param>
    public static void Run(int count, Func<HostNetwork, int, CancellationToken, Task> program, CancellationToken stop)
    {
        var first = new HostNetwork(HostNetwork.OpenLoop());
        using var driver = (IDisposable)first.Loop.Driver;
        // A token is told on the thread of whoever cancels it; a program is on its loop's.
        using var over = new CancellationTokenSource();
        using var told = stop.UnsafeRegister(_ => first.Loop.PostFromOutside(over.Cancel), null);
        first.Loop.Run(() => RunAsync(first, count, program, over.Token));
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// The same from a program that has a loop already: that one is the first, and so many less one are opened beside it.
    /// </summary>
    /// <param name="stop">Cancelled on the first loop; each program has a token of its own, cancelled on its.</param>
    public static async Task RunAsync(
        HostNetwork first,
        int count,
        Func<HostNetwork, int, CancellationToken, Task> program,
        CancellationToken stop
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ended = new Signal(first.Loop, first.Name, "the other loops to end");
        var (others, failure) = (count - 1, (ExceptionDispatchInfo?)null);
        // All are there before the first begins: what ends one has to reach all.
        var networks = new HostNetwork[count];
        for (var i = 0; i < count; i++)
            networks[i] = i == 0 ? first : new(HostNetwork.OpenLoop());
        for (var i = 1; i < count; i++)
        {
            var number = i;
            new Thread(() => RunOther(number)) { IsBackground = true, Name = $"loop {number}" }.Start();
        }
#pragma warning disable CA1031 // Whatever it was, the one who runs the loops gets it.
        try
        {
            await program(first, 0, over.Token);
        }
        catch (Exception wrong)
        {
            Fail(wrong);
        }
        while (others > 0)
            await ended.WaitAsync(default);
        failure?.Throw();
        stop.ThrowIfCancellationRequested();

        void Fail(Exception wrong)
        {
            // To be cancelled as it was asked to is no failure.
            if (wrong is not OperationCanceledException || !over.IsCancellationRequested)
                failure ??= ExceptionDispatchInfo.Capture(wrong);
            over.Cancel();
        }

        void RunOther(int number)
        {
            var network = networks[number];
            using var mine = new CancellationTokenSource();
            using var told = over.Token.UnsafeRegister(_ => network.Loop.PostFromOutside(mine.Cancel), null);
            Exception? thrown = null;
            try
            {
                network.Loop.Run(() => program(network, number, mine.Token));
            }
            catch (Exception wrong)
            {
                thrown = wrong;
            }
            ((IDisposable)network.Loop.Driver).Dispose();
            first.Loop.PostFromOutside(() =>
            {
                others--;
                if (thrown is not null)
                    Fail(thrown);
                ended.Set();
            });
        }
#pragma warning restore CA1031
    }
}

#pragma warning disable RS0030 // Each loop is a thread, and here they begin.
using System.Runtime.ExceptionServices;

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
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var networks = new HostNetwork[count];
        for (var i = 0; i < count; i++)
            networks[i] = new(HostNetwork.OpenLoop());
        ExceptionDispatchInfo? failure = null;
        var threads = new Thread[count - 1];
        for (var i = 1; i < count; i++)
        {
            var number = i;
            threads[i - 1] = new(() => RunOne(number)) { IsBackground = true, Name = $"loop {number}" };
            threads[i - 1].Start();
        }
        RunOne(0);
        foreach (var thread in threads)
            thread.Join();
        failure?.Throw();
        stop.ThrowIfCancellationRequested();

        void RunOne(int number)
        {
            var network = networks[number];
            using var driver = (IDisposable)network.Loop.Driver;
            // A token is told on the thread of whoever cancels it; a program is on its loop's.
            using var over = new CancellationTokenSource();
            using var told = stop.UnsafeRegister(_ => network.Loop.PostFromOutside(over.Cancel), null);
            try
            {
                network.Loop.Run(() => program(network, number, over.Token));
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested || failure is not null)
            {
                // As it was asked to.
            }
#pragma warning disable CA1031 // Whatever it was, the one who runs the loops gets it.
            catch (Exception wrong)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(wrong), null);
                foreach (var other in networks)
                {
                    if (other != network)
                        other.Loop.Interrupt();
                }
            }
#pragma warning restore CA1031
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Twocan.Core.Tests;

/// <summary>The loop on the machine's own clock; what holds for one driver holds for the other.</summary>
public sealed class RealTimeTests
{
    public static TheoryData<string> Drivers =>
        OperatingSystem.IsLinux() ? [nameof(LinuxDriver), nameof(PortableDriver)] : [nameof(PortableDriver)];

    private static void On(string driver, Action<EventLoop> test)
    {
        LoopDriver made = driver == nameof(PortableDriver) ? new PortableDriver() : Linux();
        using ((IDisposable)made)
            test(new(made, 1));
    }

    private static LoopDriver Linux() =>
        OperatingSystem.IsLinux() ? new LinuxDriver() : throw new PlatformNotSupportedException();

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_delay_lasts_as_long_as_it_says_and_not_shorter(string driver) =>
        On(
            driver,
            loop =>
            {
                var began = loop.Now;
                loop.Run(async () => await loop.DelayAsync(Duration.FromMilliseconds(3)));
                Assert.True(loop.Now - began >= Duration.FromMilliseconds(3));
            }
        );

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Timers_fire_in_the_order_in_which_they_are_due(string driver) =>
        On(
            driver,
            loop =>
            {
                var fired = new List<int>();
                foreach (var number in new[] { 3, 1, 2 })
                    loop.CreateTimer(() => fired.Add(number)).Set(loop.Now + Duration.FromMilliseconds(number));
                Assert.True(loop.RunUntilIdle(loop.Now + Duration.FromSeconds(10)));
                Assert.Equal([1, 2, 3], fired);
            }
        );

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Running_for_a_time_runs_for_that_time_whatever_wakes_it(string driver) =>
        On(
            driver,
            loop =>
            {
                var (began, woken) = (loop.Now, 0);
                for (var i = 0; i < 3; i++)
                    loop.PostFromOutside(() => woken++);
                loop.RunFor(Duration.FromMilliseconds(5));
                Assert.True(loop.Now - began >= Duration.FromMilliseconds(5));
                Assert.Equal(3, woken);
            }
        );

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Another_thread_wakes_a_loop_that_would_sleep_for_ever(string driver) =>
        On(
            driver,
            loop =>
            {
                var other = new Thread(() => loop.PostFromOutside(loop.Interrupt));
                Assert.Throws<OperationCanceledException>(() =>
                    loop.Run(async () =>
                    {
                        other.Start();
                        await loop.DelayUntilAsync(Instant.Never);
                    })
                );
                other.Join();
            }
        );

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_call_that_blocks_keeps_only_the_calls_behind_it_waiting(string driver) =>
        On(
            driver,
            loop =>
            {
                using var gate = new ManualResetEventSlim();
                var happened = new List<string>();
                loop.Run(async () =>
                {
                    var first = CallAsync("first", () => Assert.True(gate.Wait(TimeSpan.FromSeconds(60))));
                    var second = CallAsync("second", () => { });
                    await loop.DelayAsync(Duration.FromMilliseconds(1));
                    happened.Add("loop");
                    gate.Set();
                    await first;
                    await second;
                });
                Assert.Equal(["loop", "first", "second"], happened);

                async Task CallAsync(string name, Action call)
                {
                    await loop.BlockingAsync(call);
                    happened.Add(name);
                }
            }
        );

    [Theory]
    [MemberData(nameof(Drivers))]
    public void What_a_blocking_call_throws_its_caller_gets_and_the_next_one_is_made(string driver) =>
        On(
            driver,
            loop =>
                loop.Run(async () =>
                {
                    for (var time = 0; time < 3; time++)
                    {
                        var failure = await Assert.ThrowsAsync<IOException>(async () =>
                            await loop.BlockingAsync(() => throw new IOException("the disk is full"))
                        );
                        Assert.Equal("the disk is full", failure.Message);
                        // Still on the loop: else this would be refused.
                        await loop.YieldAsync();
                    }
                })
        );

    [Fact]
    public void In_a_worlds_time_a_blocking_call_is_made_at_once()
    {
        var loop = EventLoop.Virtual(1);
        var thread = 0;
        loop.Run(() =>
        {
            var call = loop.BlockingAsync(() => thread = Environment.CurrentManagedThreadId);
            Assert.True(call.IsCompletedSuccessfully);
            return call.AsTask();
        });
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_program_that_is_always_ready_keeps_no_timer_from_firing(string driver) =>
        On(
            driver,
            loop =>
            {
                var done = false;
                loop.CreateTimer(() => done = true).Set(loop.Now + Duration.FromMilliseconds(2));
                loop.Run(async () =>
                {
                    while (!done)
                        await loop.YieldAsync();
                });
            }
        );

    [Theory]
    [MemberData(nameof(Drivers))]
    public void The_date_is_the_machines(string driver) =>
        On(driver, loop => Assert.InRange(loop.UtcNow, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow));

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_watched_socket_says_when_it_may_be_read(string driver) =>
        On(
            driver,
            loop =>
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var readable = new Signal(loop, "test", "a datagram");
                var what = Readiness.None;
                void OnReady(Readiness ready)
                {
                    what |= ready;
                    if (ready.HasFlag(Readiness.Read))
                        readable.Set();
                }
                using var watch =
                    loop.Driver is PortableDriver portable ? portable.Watch(socket, OnReady)
                    : OperatingSystem.IsLinux() ? ((LinuxDriver)loop.Driver).Watch((int)socket.Handle, OnReady)
                    : throw new PlatformNotSupportedException();
                loop.Run(async () =>
                {
                    watch.Want(Readiness.Read);
                    var wait = readable.WaitAsync();
                    await loop.DelayAsync(Duration.FromMilliseconds(1));
                    Assert.False(what.HasFlag(Readiness.Read));
                    socket.SendTo([1], socket.LocalEndPoint!);
                    await wait;
                });
                Assert.True(what.HasFlag(Readiness.Read));
                watch.Dispose();
                what = Readiness.None;
                socket.SendTo([1], socket.LocalEndPoint!);
                loop.RunFor(Duration.FromMilliseconds(1));
                Assert.Equal(Readiness.None, what);
            }
        );
}

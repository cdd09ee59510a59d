using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Cli.Tests;

/// <summary>The Linux kernel as a peer, in a network namespace of the test's own; a machine that cannot be that skips the test, and says why.</summary>
[SupportedOSPlatform("linux")]
internal static class Kernel
{
    private static int s_number;
    private static readonly Lazy<string?> s_whyNot = new(WhyNot);

    /// <summary>A name that no other test and no other run has.</summary>
    public static string NewNamespace() => $"twocan-{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}";

    public static void SkipUnlessHere(params string[] programs)
    {
        Assert.SkipWhen(s_whyNot.Value is not null, $"{s_whyNot.Value}");
        foreach (var program in programs.Append("ip"))
            Assert.SkipUnless(Call.IsInstalled(program), $"{program} is not installed");
    }

    /// <summary>Tried out, once: a container may have every right by name and be refused all the same.</summary>
    private static string? WhyNot()
    {
        if (new Attach().WhyNotHere is { } missing)
            return missing;
        try
        {
            using var lease = NamespaceLease.Take(NewNamespace(), []);
            using var there = NetworkNamespace.Enter(lease.Name);
            TapDevice.Open("twocan0").Dispose();
            return null;
        }
        catch (Exception refusal) when (refusal is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return $"the kernel refuses to {refusal.Message}";
        }
    }

    /// <summary>A process in a namespace, and what it said; waited for on a thread of its own.</summary>
    public static async Task<string> RunAsync(EventLoop loop, string netns, string script)
    {
        var (over, output) = (new Signal(loop, "test", script), default(string));
        var start = new ProcessStartInfo("ip", ["netns", "exec", netns, "bash", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        _ = Task.Run(() =>
        {
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            text = process.ExitCode == 0 ? text : $"exit code {process.ExitCode}: {text}{error.Result}";
            loop.PostFromOutside(() =>
            {
                output = text;
                over.Set();
            });
        });
        while (output is null)
            await over.WaitAsync();
        return output;
    }

    /// <summary>
    /// Two machines on a switch in real time: 'www' (10.9.0.1, ours) and the kernel (10.9.0.254), by a cable of these
    /// settings; or without a switch, one at each end of that cable.
    /// </summary>
    /// <param name="furnish">Puts what else there shall be into the world, before the kernel is joined to it.</param>
    public static void With(
        string cable,
        Func<Host, string, Task> test,
        bool offload = false,
        bool withSwitch = true,
        Action<World>? furnish = null
    )
    {
        using var driver = new LinuxDriver();
        using var world = new World(seed: 7, driver: driver);
        var www = world.Host("www", "10.9.0.1/24");
        if (withSwitch)
            world.Link(www, world.Switch("lan"));
        furnish?.Invoke(world);
        var plan = withSwitch
            ? OutletPlan.For(world, world.Switch("lan"))
            : new(www, InterfaceAddress.Parse("10.9.0.254/24"), null, []);
        using var attachment = Attachment.Open(
            world,
            plan,
            new()
            {
                Namespace = NewNamespace(),
                Cable = CableSettings.Parse(cable),
                Offload = offload,
            }
        );
        world
            .RunAsync(async () =>
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), world.Loop.TimeProvider);
                using var end = patience.Token.Register(world.Loop.Interrupt);
                await test(www, attachment.Namespace!);
            })
            .GetAwaiter()
            .GetResult();
    }
}

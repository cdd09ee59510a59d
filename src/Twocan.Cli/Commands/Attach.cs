using System.CommandLine;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>attach</c>: a world in real time, with the Linux kernel as one of its machines.</summary>
internal sealed class Attach : Verb
{
    private readonly Argument<string[]> _command = new("-- COMMAND…")
    {
        Description = "Run this in the namespace, and end when it has ended; without it, Ctrl-C ends it",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _tap = new("--tap")
    {
        Description = "The adapter that the kernel gets (default twocan0); it is gone when this command is",
        HelpName = "NAME",
        DefaultValueFactory = _ => "twocan0",
    };

    private readonly Option<string?> _netns = new("--netns")
    {
        Description =
            "The network namespace to put it in: made if there is none, with a default route and name servers of the world",
        HelpName = "NAME",
    };

    private readonly Option<string?> _link = new("--link")
    {
        Description = "The switch or hub to plug it into, or a host beside which it shall stand (default: --host)",
        HelpName = "NODE",
    };

    private readonly Option<string?> _address = new("--address")
    {
        Description = "The kernel's address there (default: the last of the subnet that is free)",
        HelpName = "ADDRESS/MASK",
    };

    private readonly Option<string> _cable = new("--cable")
    {
        Description = "What the cable is like, as in a world's file (default '1 Gbit/s, 1 µs')",
        HelpName = "SETTINGS",
        DefaultValueFactory = _ => "1 Gbit/s, 1 µs",
    };

    private readonly Option<string> _offload = new("--offload")
    {
        Description =
            "'on' lets the kernel hand over segments of up to 64 KiB, uncut and without checksums, in one call; they are cut where they enter the world (default off)",
        HelpName = "on|off",
        DefaultValueFactory = _ => "off",
    };

    private readonly Option<string[]> _fault = new("--fault")
    {
        Description =
            "Let something go wrong, such as 'loss 5%' on this cable, or 'cut isp--backbone at 5s' (may be repeated)",
        HelpName = "SENTENCE",
    };

    private readonly Option<double?> _for = new("--for") { Description = "End after so many seconds", HelpName = "S" };

    public Attach()
        : base(
            "attach",
            "Join a running world to the Linux kernel: its own ping, curl and browser then work in the world",
            "twocan attach --netns lab -- ping -c 1 10.11.12.1",
            "twocan attach --netns lab --fault 'loss 5%' --for 1"
        )
    {
        Arguments.Add(_command);
        foreach (var option in (Option[])[_tap, _netns, _link, _address, _cable, _offload, _fault, _for])
            Options.Add(option);
    }

    /// <summary>Null when this machine and this user may do it; else what is missing, in a line.</summary>
    public override string? WhyNotHere =>
        !OperatingSystem.IsLinux() ? "attach needs Linux: it joins a world to the kernel's own network"
        : !File.Exists("/dev/net/tun") ? "attach needs /dev/net/tun, which this machine does not have (modprobe tun)"
        : !Privileges.HasNetAdmin
            ? "attach needs CAP_NET_ADMIN: run it as root, or with a user namespace of its own: unshare -Urn twocan attach"
        : null;

    public override int Run(Invocation call)
    {
        if (call.Living is not null)
            throw new WrongUsageException("attach makes a world of its own, in real time: leave the shell first");
        return OperatingSystem.IsLinux() && WhyNotHere is null
            ? RunHere(call)
            : throw new WrongUsageException(WhyNotHere!);
    }

    [SupportedOSPlatform("linux")]
    private int RunHere(Invocation call)
    {
        using var driver = new LinuxDriver();
        Attachment? attachment = null;
        try
        {
            using var session = WorldSession.Open(
                call,
                journal: false,
                world => [(attachment = Join(world, call)).Cable],
                driver: driver
            );
            // A world that lives in real time may live long: what a capture has written need not be kept as well.
            session.World.Journal?.Keeps = false;
            return Stay(call, session, attachment!);
        }
        finally
        {
            attachment?.Dispose();
        }
    }

    [SupportedOSPlatform("linux")]
    private Attachment Join(World world, Invocation call)
    {
        var at = call.Get(_link) ?? call.Host;
        var place = world.Find(at) ?? throw new WrongUsageException($"--link: there is no '{at}' in this world");
        var address = default(InterfaceAddress?);
        if (call.Get(_address) is { } text)
            address = InterfaceAddress.TryParse(text, out var parsed)
                ? parsed
                : throw new WrongUsageException($"'{text}' is not an address with its subnet, such as 10.11.12.99/24");
        if (!CableSettings.TryParse(call.Get(_cable), CableSettings.Default, out var cable, out var wrong))
            throw new WrongUsageException($"--cable: {wrong}");
        if (call.Get(_offload) is not ("on" or "off"))
            throw new WrongUsageException($"--offload: it is 'on' or 'off', not '{call.Get(_offload)}'");
        try
        {
            var attachment = Attachment.Open(
                world,
                OutletPlan.For(world, place, address),
                new()
                {
                    Adapter = call.Get(_tap),
                    Namespace = call.Get(_netns),
                    Cable = cable,
                    Offload = call.Get(_offload) == "on",
                }
            );
            try
            {
                foreach (var sentence in call.Get(_fault))
                    world.Fault(Complete(sentence, attachment.Cable));
            }
            catch
            {
                attachment.Dispose();
                throw;
            }
            return attachment;
        }
        catch (Win32Exception refusal)
        {
            throw new WrongUsageException($"the kernel refuses to {refusal.Message}");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException(refusal.Message);
        }
        catch (Exception wrongWords) when (wrongWords is ArgumentException or FaultSentenceException)
        {
            throw new WrongUsageException(wrongWords.Message);
        }
    }

    /// <summary>A fault that names nobody means the cable to the kernel.</summary>
    private static string Complete(string sentence, Cable cable) =>
        FaultSentence.TryParse(sentence, out _, out _)
        || !FaultSentence.TryParse($"{sentence} {cable.Name}", out _, out _)
            ? sentence
            : $"{sentence} {cable.Name}";

    [SupportedOSPlatform("linux")]
    private int Stay(Invocation call, WorldSession session, Attachment attachment)
    {
        var command = call.Get(_command);
        if (!call.Json)
            Greet(call.Terminal, attachment, command.Length > 0);
        else
            call.Terminal.JsonLine(AttachedAnswer.Of(attachment), AttachJson.Default.AttachedAnswer);
        call.Terminal.Flush();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, session));
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => End(signal, session));
        var ended = session.Run(async stop =>
        {
            try
            {
                if (command.Length > 0)
                    return await new ProgramOutside(session.World.Loop, attachment, call.Json).RunAsync(command, stop);
                await session.World.Loop.DelayAsync(
                    call.Get(_for) is { } seconds ? Duration.FromSeconds(seconds) : Duration.FromSeconds(1e9),
                    stop
                );
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how it ends.
            }
            return new EndedProgram(Exit.Done, null);
        });
        var link = attachment.Link;
        if (call.Json)
            call.Terminal.JsonLine(
                new(
                    link.FramesToKernel,
                    link.FramesFromKernel,
                    command.Length > 0 ? ended.ExitCode : null,
                    ended.Output
                ),
                AttachJson.Default.DetachedAnswer
            );
        else
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{link.FramesToKernel} frames to the kernel, {link.FramesFromKernel} from it; {link.Name} is gone again",
                    $"커널로 프레임 {link.FramesToKernel}개, 커널에서 {link.FramesFromKernel}개. {link.Name} 어댑터를 없앴습니다"
                )
            );
        return ended.ExitCode;
    }

    private static void End(PosixSignalContext signal, WorldSession session)
    {
        signal.Cancel = true;
        session.End();
    }

    [SupportedOSPlatform("linux")]
    private static void Greet(Terminal terminal, Attachment attachment, bool hasCommand)
    {
        var (plan, name) = (attachment.Plan, attachment.Link.Name);
        var there = attachment.Namespace is { } space
            ? terminal.Say($" in the namespace {space}", $" (네임스페이스 {space})")
            : "";
        terminal.Line(
            $"{name:strong}{there} {plan.Address.ToString():address} {terminal.Say("on the cable", "케이블"):faint} {attachment.Cable.Name:name}"
        );
        if (attachment.Namespace is not null && plan.Gateway is { } gateway)
            terminal.Line(
                terminal.Say(
                    $"  by way of {gateway}, asking {string.Join(", ", plan.NameServers)} for names",
                    $"  {gateway}를 거쳐 나가고, 이름은 {string.Join(", ", plan.NameServers)}에 묻습니다"
                )
            );
        if (hasCommand)
            return;
        terminal.Line(terminal.Say("Now in another terminal:", "이제 다른 터미널에서:"));
        var prefix =
            attachment.Namespace is { } netns ? $"ip netns exec {netns} "
            : Privileges.IsOwnUserNamespace ? $"nsenter -t {Environment.ProcessId} -U -n --preserve-credentials "
            : "";
        var target =
            plan.Gateway
            ?? plan.At.World.Hosts.FirstOrDefault(host =>
                host.Address is { } one && plan.Address.Subnet.Contains(one)
            )?.Address;
        if (target is { } near)
            terminal.Line($"  {prefix + $"ping {near}":good}");
        if (attachment.Namespace is not null && plan.NameServers.Count > 0)
            terminal.Line($"  {prefix + "curl http://www.lab.cyber.co.kr/":good}");
        terminal.Line(terminal.Say("Ctrl-C ends it.", "Ctrl-C로 끝냅니다."));
    }
}

/// <summary>The first line of <c>attach --json</c>: it is joined.</summary>
internal sealed record AttachedAnswer(
    string Adapter,
    string? Namespace,
    string Cable,
    string Address,
    string? Gateway,
    IReadOnlyList<string> NameServers
)
{
    [SupportedOSPlatform("linux")]
    public static AttachedAnswer Of(Attachment attachment) =>
        new(
            attachment.Link.Name,
            attachment.Namespace,
            attachment.Cable.Name,
            attachment.Plan.Address.ToString(),
            attachment.Plan.Gateway?.ToString(),
            [.. attachment.Plan.NameServers.Select(server => server.ToString())]
        );
}

/// <summary>The last line: what crossed the cable's end, and what the command said.</summary>
internal sealed record DetachedAnswer(
    long FramesToKernel,
    long FramesFromKernel,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ExitCode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Output
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AttachedAnswer))]
[JsonSerializable(typeof(DetachedAnswer))]
internal sealed partial class AttachJson : JsonSerializerContext;

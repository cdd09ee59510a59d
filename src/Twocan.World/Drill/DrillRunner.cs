using System.Globalization;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// Runs a packetdrill script against a protocol stack of its own, in virtual time.
/// <para>
/// Theory of operation. The runner stands outside the loop and goes through the time line. To do something (let a packet
/// arrive, make a call) it lets time pass up to that line's moment and all happen that is due by then; what the stack sends
/// meanwhile is kept with its time. A line that expects a packet takes the oldest one that belongs to its conversation, or
/// waits for it. A call that blocks goes on beside the next lines, until another call is made: a program makes one at a time.
/// </para>
/// <para>What must hold: nothing is left to the real clock, so the same script gives the same answer for ever.</para>
/// </summary>
public sealed partial class DrillRunner
{
    /// <summary>How long a line that may happen any time (<c>*</c>) is waited for.</summary>
    private static readonly Duration Patience = Duration.FromSeconds(3600);

    private readonly DrillScript _script;
    private readonly DrillSettings _settings;
    private readonly Action<string>? _trace;
    private readonly EventLoop _loop;
    private readonly LoopTimer _alarm;
    private readonly ProtocolStack _stack;
    private readonly DrillLink _link;
    private readonly DrillTalks _talks;
    private readonly DrillCalls _calls;
    private readonly DrillWriter _writer;
    private readonly DrillMatch _match;
    private PendingCall? _pending;

    /// <summary>What the script's assertions have given names to.</summary>
    private readonly Dictionary<string, double> _names = [];

    private DrillRunner(DrillScript script, DrillSettings settings, Action<string>? trace)
    {
        (_script, _settings, _trace) = (script, settings, trace);
        settings.Apply(script.Options);
        _loop = EventLoop.Virtual(seed: 1);
        _alarm = _loop.CreateTimer(static () => { });
        _link = new(_loop, settings);
        _stack = new("drill", _loop, _loop.Random.Fork("drill"));
        _stack.Tcp.Settings = settings.Tcp;
        var adapter = _stack.AddAdapter("tun0", new(0x02_00_00_00_00_01), _link);
        _link.Adapter = adapter;
        adapter.AddAddress(new(settings.LocalAddress, settings.IsV6 ? 64 : 16));
        // All ways lead over the one link: it is always the script that answers.
        _stack.Ip.AddRoute(settings.IsV6 ? new(IpAddress.Any6, 0) : Subnet.AllV4, settings.GatewayAddress);
        _talks = new(settings);
        _calls = new(_stack, settings, _talks);
        _writer = new(settings);
        _match = new(settings);
    }

    /// <summary>Runs the script in <paramref name="text"/>.</summary>
    /// <param name="options">Options as they may stand in the script too; the script's own come after them.</param>
    /// <param name="trace">Is told what happens, line by line.</param>
    public static DrillReport Run(
        string file,
        string text,
        IReadOnlyList<DrillOption>? options = null,
        Action<string>? trace = null
    )
    {
        try
        {
            var settings = new DrillSettings();
            settings.Apply(options ?? []);
            new DrillRunner(DrillParser.Parse(file, text, settings.Defines), settings, trace).RunAll();
            return new(file, null, null);
        }
        catch (DrillScriptException wrong)
        {
            return new(file, wrong.Line, wrong.Message, IsWrong: true);
        }
        catch (DrillFailedException failed)
        {
            return new(file, failed.Line, failed.Message);
        }
    }

    private void RunAll()
    {
        // A neighbour's address is learned before the script begins, as on a link that needs none.
        Settle();
        foreach (var script in _settings.InitScripts)
            Configure(new(1, default, script), _loop.Now);
        foreach (var one in _script.Events)
        {
            switch (one)
            {
                case DrillPacket { IsInbound: false } packet:
                    Expect(packet);
                    break;
                case DrillPacket packet:
                    Inject(packet, DueOf(packet));
                    break;
                case DrillCall call:
                    FinishPending();
                    Call(call, DueOf(call));
                    break;
                case DrillShell shell:
                    FinishPending();
                    Configure(shell, DueOf(shell));
                    break;
                case DrillCode code:
                    PassUntil(DueOf(code), code.Line);
                    DrillExpression.Run(code, _names, ValueOf, line => Tell($"{line}"));
                    break;
            }
        }
        FinishPending();
        RequireNothingIsLeft();
    }

    private double? ValueOf(string name) => DrillInfo.ValueOf(name, _calls.LastInfo, _loop.Now);

    /// <summary>A line's moment; <c>*</c> is now.</summary>
    private Instant DueOf(DrillEvent one) =>
        one.Time.Kind == DrillTimeKind.Absolute ? Instant.Zero + one.Time.At : _loop.Now + one.Time.At;

    /// <summary>Lets all happen up to then, and all that follows from it at that moment.</summary>
    private void PassUntil(Instant due, int line)
    {
        if (_loop.Now - due > _settings.Tolerance)
            throw new DrillScriptException(
                line,
                $"time goes backwards: it is {Show(_loop.Now)} already, and this should happen at {Show(due)}"
            );
        while (_loop.Now < due)
            StepUntil(due);
        Settle();
    }

    /// <summary>The next moment at which something happens, but no later than <paramref name="limit"/>.</summary>
    private void StepUntil(Instant limit)
    {
        _alarm.Set(limit);
        _loop.Step();
        _calls.Look();
        Settle();
        _alarm.Cancel();
    }

    private void Settle() => _loop.RunUntil(_loop.Now);

    private void Inject(DrillPacket packet, Instant due)
    {
        PassUntil(due, packet.Line);
        var conversation = _talks.For(packet);
        _link.Deliver(_writer.Write(packet, conversation));
        Tell($"< {DrillWords.Of(packet)}");
        Settle();
        _calls.Look();
        Settle();
    }

    private void Expect(DrillPacket packet)
    {
        var isAnyTime = packet.Time.Kind == DrillTimeKind.Any;
        var due = DueOf(packet);
        var latest = packet.Time.Latest is { } end ? due + (end - packet.Time.At) : due;
        var tolerance = _settings.ToleranceAfter(due - _loop.Now);
        var deadline = isAnyTime ? _loop.Now + Patience : latest + tolerance;
        var conversation = _talks.For(packet);
        if (!TryNext(conversation, deadline, out var first))
            throw Failed(packet, "Timed out waiting for packet");
        if (!isAnyTime && (due - first.At > tolerance || first.At - latest > tolerance))
            throw Failed(
                packet,
                $"timing error: expected outbound packet {Between(due, latest)} but happened at {Show(first.At)} sec; tolerance {Show(tolerance)} sec ({DrillWords.Of(first, conversation)})"
            );
        var live = Gather(packet, first, conversation);
        Tell($"> {DrillWords.Of(live[^1], conversation)}");
        if (_match.Compare(packet, live, conversation) is { } wrong)
            throw Failed(packet, $"{wrong} ({DrillWords.Of(live[^1], conversation)})");
    }

    /// <summary>The oldest packet that no line has looked at; those of other conversations are passed over, as packetdrill does it.</summary>
    private bool TryNext(DrillConversation conversation, Instant deadline, out LivePacket next)
    {
        while (true)
        {
            while (_link.Sent.TryDequeue(out next!))
            {
                if (_talks.IsOf(conversation, next))
                    return true;
            }
            if (_loop.Now >= deadline)
                return false;
            StepUntil(deadline);
        }
    }

    /// <summary>A line that is longer than a segment stands for as many as it takes, each beginning where the one before ended.</summary>
    private List<LivePacket> Gather(DrillPacket packet, LivePacket first, DrillConversation conversation)
    {
        var live = new List<LivePacket> { first };
        if (packet.Payload is not DrillTcp expected || first.Protocol != IpProtocol.Tcp)
            return live;
        var length = DrillMatch.DataLength(first);
        while (
            length < expected.Length
            && _link.Sent.TryPeek(out var next)
            && _talks.IsOf(conversation, next)
            && next.At - first.At <= _settings.Tolerance
            && DrillMatch.Follows(live[^1], next)
            && length + DrillMatch.DataLength(next) <= expected.Length
        )
        {
            live.Add(_link.Sent.Dequeue());
            length += DrillMatch.DataLength(next);
        }
        return live;
    }

    private void Configure(DrillShell shell, Instant due)
    {
        PassUntil(due, shell.Line);
        if (DrillShellCommands.Run(_settings, shell).ForgetsPeers)
            _stack.Tcp.FastOpen.Clear();
        if (_settings.FastOpenPause is { } pause)
            _stack.Tcp.FastOpen.FirstPause = pause;
        _stack.Tcp.Settings = _settings.Tcp;
        _stack.Tcp.FastOpenKey = _settings.FastOpenKey ?? _stack.Tcp.FastOpenKey;
    }

    /// <summary>What was sent before the last line and is expected by none. What that line itself brought about is not asked for.</summary>
    private void RequireNothingIsLeft()
    {
        if (_settings.IgnoresUnexpected || _script.Events is not [.., var last])
            return;
        foreach (var live in _link.Sent)
        {
            if (_loop.Now - live.At > _settings.Tolerance && _talks.Find(live) is { } conversation)
                throw new DrillFailedException(
                    last.Line,
                    $"unexpected packet: at {Show(live.At)} sec was sent what no line expects: {DrillWords.Of(live, conversation)}"
                );
        }
    }

    private void Tell(string what) => _trace?.Invoke($"{Show(_loop.Now)} {what}");

    private static DrillFailedException Failed(DrillPacket packet, string what) =>
        new(packet.Line, $"error handling packet: {what}");

    private static DrillFailedException Failed(DrillCall call, string what) =>
        new(call.Line, $"runtime error in {call.Name} call: {what}");

    private static string Between(Instant due, Instant latest) =>
        due == latest ? $"at {Show(due)} sec" : $"in relative time range {Show(due)}~{Show(latest)} sec";

    private static string Show(Instant at) => Show(at - Instant.Zero);

    private static string Show(Duration span) => span.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
}

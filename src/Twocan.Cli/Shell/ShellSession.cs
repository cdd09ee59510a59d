using System.Runtime.InteropServices;

namespace Twocan.Cli;

/// <summary>Where a shell's lines come from: a person at a prompt, or a script.</summary>
internal interface ILineSource
{
    /// <summary>The next line; null when there is none.</summary>
    string? Next(string prompt);

    /// <summary>Who complains about what is wrong with the line: nobody needs to be told at a prompt, a script says its place.</summary>
    string Who { get; }

    /// <summary>Whether a person sits there, who goes on after what has failed.</summary>
    bool IsPerson { get; }
}

/// <summary>Reads lines and does them, one after the other, in one world.</summary>
internal sealed class ShellSession
{
    private readonly LivingWorld _living;
    private readonly Terminal _terminal;
    private readonly ILineSource _lines;
    private readonly bool _endsAtFailure;
    private readonly ShellRoot _root;
    private int _code;

    public ShellSession(LivingWorld living, Terminal terminal, ILineSource lines, ShellRoot root, bool endsAtFailure) =>
        (_living, _terminal, _lines, _root, _endsAtFailure) = (living, terminal, lines, root, endsAtFailure);

    private string Prompt => _living.Me.IsUp ? $"{_living.Me.Name}> " : $"{_living.Me.Name} (down)> ";

    /// <summary>Until there are no more lines. A script's answer is what the last command that failed has said.</summary>
    public int Run()
    {
        // A command that runs listens to Ctrl-C itself; between two of them it ends a script, and nothing else.
        var isInterrupted = false;
        using var interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            context => (context.Cancel, isInterrupted) = (true, true)
        );
        while (!(isInterrupted && !_lines.IsPerson) && _lines.Next(Prompt) is { } line)
        {
            try
            {
                if (!Do(line))
                    return _code;
            }
            catch (ShellLeftException left)
            {
                return left.Code ?? (_lines.IsPerson ? Exit.Done : _code);
            }
        }
        return isInterrupted && !_lines.IsPerson ? Exit.Interrupted
            : _lines.IsPerson ? Exit.Done
            : _code;
    }

    /// <summary>False when the line was the last to be done.</summary>
    private bool Do(string line)
    {
        var terminal = _terminal.For(_lines.Who);
        IReadOnlyList<ShellCommand> commands;
        try
        {
            commands = ShellLine.Read(line);
        }
        catch (WrongUsageException wrong)
        {
            terminal.Error(wrong.Message);
            return Goes(Exit.Wrong);
        }
        foreach (var command in commands)
        {
            var code = Do(command, terminal);
            _living.Rest();
            terminal.Flush();
            if (!Goes(code))
                return false;
        }
        return true;
    }

    private bool Goes(int code)
    {
        if (code != Exit.Done)
            _code = code;
        return _lines.IsPerson || !(code == Exit.Interrupted || (_endsAtFailure && code != Exit.Done));
    }

    private int Do(ShellCommand command, Terminal terminal)
    {
        if (command.Words[0] is not ['@', .. var name])
            return Do(command, command.Words, terminal);
        try
        {
            var host = _living.Find(name);
            if (command.Words.Count == 1)
                return Become(host, terminal);
            var me = _living.Me;
            _living.Me = host;
            try
            {
                return Do(command, [.. command.Words.Skip(1)], terminal);
            }
            finally
            {
                _living.Me = me;
            }
        }
        catch (WrongUsageException wrong)
        {
            terminal.Error(wrong.Message);
            return Exit.Wrong;
        }
    }

    private int Do(ShellCommand command, IReadOnlyList<string> words, Terminal terminal) =>
        command.IsBeside
            ? CommandLine.Start(_root, words, _living, terminal)
            : CommandLine.Run(_root, words, _living, terminal);

    private int Become(Worlds.Host host, Terminal terminal)
    {
        _living.Me = host;
        var addresses = string.Join(", ", host.Addresses);
        if (terminal.Json)
            terminal.JsonLine(
                new MeAnswer(host.Name, [.. host.Addresses.Select(one => one.ToString())]),
                ShellJson.Default.MeAnswer
            );
        else if (_lines.IsPerson)
            terminal.Line($"{host.Name:host}  {addresses:address}");
        return Exit.Done;
    }
}

/// <summary>Who I am from now on.</summary>
internal sealed record MeAnswer(string Host, IReadOnlyList<string> Addresses);

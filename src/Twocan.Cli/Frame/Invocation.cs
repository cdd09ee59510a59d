using System.CommandLine;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary>One call of a verb: what was asked, and the terminal to answer on.</summary>
internal sealed class Invocation(ParseResult parsed, Terminal terminal, LivingWorld? living = null)
{
    public Terminal Terminal => terminal;

    /// <summary>The world that a shell lives in; null on the command line, where each verb has a fresh one.</summary>
    public LivingWorld? Living => living;

    public bool Json => terminal.Json;

    public Language Language => terminal.Language;

    /// <summary>The world's file; null is the world that ships.</summary>
    public string? WorldFile => parsed.GetValue(CommonOptions.World);

    /// <summary>Who I am in the world.</summary>
    public string Host =>
        HasHost ? parsed.GetValue(CommonOptions.Host)! : living?.Me.Name ?? parsed.GetValue(CommonOptions.Host)!;

    /// <summary>Whether <see cref="Host"/> was asked for, and is not only the default.</summary>
    public bool HasHost => Has(CommonOptions.Host);

    /// <summary>This machine's own network, in place of a world's.</summary>
    public bool OnHost => parsed.GetValue(CommonOptions.OnHost);

    /// <summary>Null is 'as the world's file says'.</summary>
    public ulong? Seed => parsed.GetValue(CommonOptions.Seed);

    public string? Capture => parsed.GetValue(CommonOptions.Capture);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    /// <summary>The option's number, which has to lie between these two.</summary>
    public T GetWithin<T>(Option<T> option, T least, T most)
        where T : IComparable<T> =>
        Get(option) is var value && value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new WrongUsageException($"{option.Name} is from {least} to {most}, not {value}");

    /// <summary>Whether the option stands on the command line (a default does not count).</summary>
    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };
}

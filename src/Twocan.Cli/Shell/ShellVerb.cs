using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Twocan.Cli;

/// <summary>A shell itself, before any of its verbs.</summary>
internal sealed class ShellRoot()
    : Command("shell", "A living world: every verb works in it, and what has happened stays.");

/// <summary>A verb that only a shell has: what it does is done to the world that lives there.</summary>
internal abstract class ShellVerb(string name, string description, params string[] examples)
    : Verb(name, description, examples)
{
    public sealed override int Run(Invocation call) => Run(call, call.Living!);

    protected abstract int Run(Invocation call, LivingWorld living);

    /// <summary>The answer in JSON where that is wanted, else for people.</summary>
    protected static int Answer<T>(Invocation call, T answer, JsonTypeInfo<T> type, Action<Terminal> show)
    {
        if (call.Json)
            call.Terminal.JsonLine(answer, type);
        else
            show(call.Terminal);
        return Exit.Done;
    }
}

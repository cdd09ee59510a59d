using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A program of a host and how to start it again after a crash.</summary>
internal sealed class RunningProgram(Func<IProgram> make)
{
    public IProgram Program { get; private set; } = make();

    /// <summary>What it had in its memory is gone: it is made again.</summary>
    public void MakeAgain() => Program = make();

    public void Start(ProtocolStack stack, CancellationToken stop)
    {
        var program = Program;
        stack.Loop.Start($"{program.Name} on {stack.Name}", () => RunAsync(program, stack, stop));
    }

    private static async Task RunAsync(IProgram program, ProtocolStack stack, CancellationToken stop)
    {
        try
        {
            await ProgramName.RunAsync(program.Name, () => program.RunAsync(stack, stop));
        }
#pragma warning disable CA1031 // A program whose machine died under it has nobody left to complain to.
        catch (Exception) when (stack.IsOff) { }
#pragma warning restore CA1031
    }
}

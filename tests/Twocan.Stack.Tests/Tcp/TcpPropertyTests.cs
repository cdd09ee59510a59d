namespace Twocan.Stack.Tests;

public class TcpPropertyTests
{
    private const int Seeds = 3_000;

    /// <summary>Set to run one seed of a test that has failed.</summary>
    private static readonly string? Replay = Environment.GetEnvironmentVariable("TWOCAN_SEED");

    [Fact]
    public void Whatever_the_network_does_bytes_in_are_bytes_out_or_a_correct_error() =>
        ForEachSeed(seed => new FaultyPair(seed).Run());

    private static void ForEachSeed(
        Action<ulong> run,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        var (first, last) = Replay is null ? (1UL, (ulong)Seeds) : (ulong.Parse(Replay), ulong.Parse(Replay));
        for (var seed = first; seed <= last; seed++)
        {
            try
            {
                run(seed);
            }
            catch (Exception failure)
            {
                Assert.Fail(
                    $"{failure.Message}\nreplay: TWOCAN_SEED={seed} dotnet artifacts/bin/Twocan.Stack.Tests/release/Twocan.Stack.Tests.dll -method '*{test}*'\n{failure.StackTrace}"
                );
            }
        }
    }
}

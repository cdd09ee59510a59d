using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Stack.Tests;

public class TcpPropertyTests
{
    /// <summary>Set to run one seed of a test that has failed, or more seeds than usual.</summary>
    private static readonly string? Replay = Environment.GetEnvironmentVariable("TWOCAN_SEED");
    private static readonly string? More = Environment.GetEnvironmentVariable("TWOCAN_SEEDS");

    [Fact]
    public void Whatever_the_network_does_bytes_in_are_bytes_out_or_a_correct_error() =>
        ForEachSeed(2_000, seed => new FaultyPair(seed).Run());

    /// <summary>A million segments of any kind, most of them near to what the machine expects, in every state.</summary>
    [Fact]
    public void Whatever_arrives_no_machine_breaks()
    {
        var visits = new int[Enum.GetValues<TcpState>().Length];
        ForEachSeed(40_000, seed => new Mutation(seed, visits).Run(segments: 250));
        if (Replay is not null)
            return;
        foreach (var state in Enum.GetValues<TcpState>())
            Assert.True(visits[(int)state] > 2_000, $"{state} is hardly visited: {visits[(int)state]}");
    }

    [Fact]
    public void No_header_is_too_short_too_long_or_too_strange_to_be_read()
    {
        var random = new RandomSource(1);
        var bytes = new byte[80];
        for (var round = 0; round < 200_000; round++)
        {
            var span = bytes.AsSpan(0, random.Next(bytes.Length + 1));
            random.Fill(span);
            if (!TcpHeader.TryRead(span, out var header))
                continue;
            var options = 0;
            foreach (var option in header.Options)
                options += 2 + option.Data.Length;
            Assert.InRange(options, 0, header.Length - TcpHeader.MinLength);
        }
    }

    private static void ForEachSeed(int count, Action<ulong> run, [CallerMemberName] string test = "")
    {
        var first = Replay is null ? 1 : ulong.Parse(Replay);
        var last = Replay is null ? ulong.Parse(More ?? $"{count}") : first;
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

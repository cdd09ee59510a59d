namespace Twocan.Worlds.Tests;

public sealed class TransferPropertyTests
{
    /// <summary>Set to run one seed that has failed, or more seeds than usual.</summary>
    private static readonly string? Replay = Environment.GetEnvironmentVariable("TWOCAN_SEED");
    private static readonly string? More = Environment.GetEnvironmentVariable("TWOCAN_SEEDS");

    [Fact]
    public void Whatever_befalls_two_hosts_every_octet_arrives_or_an_error_and_nothing_is_left()
    {
        var first = Replay is null ? 1 : ulong.Parse(Replay);
        var last = Replay is null ? ulong.Parse(More ?? "1500") : first;
        for (var seed = first; seed <= last; seed++)
            Run(seed);
    }

    [Fact]
    public void Two_windows_that_have_closed_over_what_was_in_flight_open_again() => Run(2615);

    private static void Run(ulong seed)
    {
        try
        {
            using var transfer = new RandomTransfer(seed);
            transfer.Run();
        }
        catch (Exception failure)
        {
            Assert.Fail(
                $"{failure.Message}\nreplay: TWOCAN_SEED={seed} dotnet artifacts/bin/Twocan.World.Tests/release/Twocan.World.Tests.dll -class '*{nameof(TransferPropertyTests)}'\n{failure.StackTrace}"
            );
        }
    }
}

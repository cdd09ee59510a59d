namespace Twocan.Explorer.Tests;

public sealed class RepeatTests
{
    private const string Loss = "loss 20% pc--home-hub";

    [Theory]
    [InlineData(1, "")]
    [InlineData(7, Loss)]
    public async Task The_same_seed_gives_the_same_json_and_the_same_capture_to_the_byte(ulong seed, string fault)
    {
        var first = await GoAsync(seed, fault);
        var second = await GoAsync(seed, fault);
        Assert.Equal(first.Json, second.Json);
        Assert.Equal(first.Captures, second.Captures);
    }

    [Fact]
    public async Task Other_seeds_lose_other_frames()
    {
        var captures = new List<byte[][]>();
        for (var seed = 1UL; seed <= 5; seed++)
            captures.Add((await GoAsync(seed, Loss)).Captures);
        for (var i = 1; i < captures.Count; i++)
            Assert.NotEqual(captures[0], captures[i]);
    }

    [Fact]
    public async Task With_a_fifth_of_all_frames_lost_the_page_arrives_whole_for_two_hundred_seeds()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            using var trip = new Trip(seed, Loss);
            var journey = await trip.GoAsync();
            Assert.True(
                journey.IsWhole,
                $"{journey.Failure?.Why}: twocan explore {Trip.Sample} --fault '{Loss}' --seed {seed}"
            );
            Assert.Equal([632, 6419], journey.Resources.Select(resource => resource.Bytes));
        }
    }

    private static async Task<(string Json, byte[][] Captures)> GoAsync(ulong seed, string fault)
    {
        using var trip = (fault.Length > 0 ? new Trip(seed, fault) : new Trip(seed)).Watch();
        var json = trip.Json(await trip.GoAsync());
        return (json, [.. trip.Captures()]);
    }
}

using System.Text;
using Twocan.Core;

namespace Twocan.Worlds.Tests;

/// <summary>Whatever stands in a script, it is run, or it fails, or its mistake is told: never an exception, never a hang.</summary>
public class DrillMutationTests
{
    private static readonly string Directory = Path.Combine(AppContext.BaseDirectory, "Drill");

    [Fact]
    public void A_script_with_letters_changed_lost_and_doubled_is_still_answered()
    {
        var random = new RandomSource(7);
        var scripts = System.IO.Directory.GetFiles(Directory, "*.pkt").Order(StringComparer.Ordinal).ToArray();
        for (var round = 0; round < 600; round++)
        {
            var script = new StringBuilder(File.ReadAllText(scripts[random.Next(scripts.Length)]));
            for (var changes = 1 + random.Next(4); changes > 0 && script.Length > 0; changes--)
                Change(script, random);
            AssertAnswered(script.ToString());
        }
    }

    [Fact]
    public void Every_beginning_of_a_script_is_answered()
    {
        for (var length = 0; length < DrillExample.Text.Length; length += 3)
            AssertAnswered(DrillExample.Text[..length]);
    }

    [Fact]
    public void Noise_is_answered()
    {
        var random = new RandomSource(8);
        const string Letters = "0123456789.+~*<>(){}[]|,=-_`%#/\"\\ \nSFRPEWUackwinmssTSsocket";
        for (var round = 0; round < 2000; round++)
        {
            var noise = new StringBuilder();
            for (var length = random.Next(60); length > 0; length--)
                noise.Append(Letters[random.Next(Letters.Length)]);
            AssertAnswered(noise.ToString());
        }
    }

    [Fact]
    public void Brackets_within_brackets_do_not_exhaust_the_stack()
    {
        AssertAnswered($"0 poll({new string('[', 100_000)}");
        AssertAnswered($"%{{ assert {new string('(', 100_000)} }}%");
        AssertAnswered($"%{{ assert {new string('-', 100_000)}1 }}%");
    }

    private static void Change(StringBuilder script, RandomSource random)
    {
        var at = random.Next(script.Length);
        switch (random.Next(4))
        {
            case 0:
                script[at] = (char)(32 + random.Next(95));
                break;
            case 1:
                script.Remove(at, Math.Min(1 + random.Next(8), script.Length - at));
                break;
            case 2:
                script.Insert(at, script.ToString(at, Math.Min(1 + random.Next(20), script.Length - at)));
                break;
            default:
                script[at] = (char)('0' + random.Next(10));
                break;
        }
    }

    private static void AssertAnswered(string script)
    {
        var report = DrillRunner.Run("mutant.pkt", script);
        Assert.True(report.IsOk || report.Line >= 0, script);
    }
}

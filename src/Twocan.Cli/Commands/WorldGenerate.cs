using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>world generate</c>: an internet that nobody has written, as a world file.</summary>
internal sealed class WorldGenerate : Verb
{
    private readonly Option<int> _hosts = new("--hosts")
    {
        Description = "How many hosts, servers included (default: 60)",
        HelpName = "N",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<int?> _subnets = new("--subnets")
    {
        Description = "How many local networks (default: one for 25 hosts)",
        HelpName = "N",
    };

    public WorldGenerate()
        : base(
            "generate",
            "Write an internet of so many hosts, by --seed: backbone, providers, local networks, names, web servers",
            "twocan world generate --hosts 40 --subnets 4 --seed 7"
        )
    {
        Options.Add(_hosts);
        Options.Add(_subnets);
    }

    public override int Run(Invocation call)
    {
        var hosts = call.Get(_hosts);
        var plan = new InternetPlan(
            hosts,
            call.Get(_subnets) ?? InternetPlan.UsualSubnets(hosts),
            call.Seed ?? InternetPlan.UsualSeed
        );
        if (plan.WhatIsWrong is { } wrong)
            throw new WrongUsageException(wrong);
        var text = plan.Write();
        if (call.Json)
            call.Terminal.JsonLine(
                new WorldGenerateAnswer(plan.Name, plan.Hosts, plan.Subnets, plan.Seed, text),
                WorldGenerateJson.Default.WorldGenerateAnswer
            );
        else
            call.Terminal.Write(new Verbatim([.. text.TrimEnd('\n').Split('\n').Select(line => new Text(line))]));
        return Exit.Done;
    }
}

/// <summary>The answer of <c>world generate --json</c>: the name under which every verb knows this world, and its file.</summary>
internal sealed record WorldGenerateAnswer(string World, int Hosts, int Subnets, ulong Seed, string Yaml);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorldGenerateAnswer))]
internal sealed partial class WorldGenerateJson : JsonSerializerContext;

using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>world check</c>: all that is wrong with a world file, at once.</summary>
internal sealed class WorldCheck : Verb
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "A world file, or the name of one that ships (default: cyber)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public WorldCheck()
        : base(
            "check",
            "Say all that is wrong with a world file, each mistake with its line and column and what would be right",
            "twocan world check cyber"
        ) => Arguments.Add(_file);

    public override int Run(Invocation call)
    {
        var name = call.Get(_file) ?? call.WorldFile ?? WorldLibrary.Default;
        using var world = WorldLibrary.Load(name);
        var counts = new WorldCheckAnswer(
            WorldLibrary.TitleOf(name),
            true,
            world.Hosts.Count(host => host is not Router),
            world.Hosts.Count(host => host is Router),
            world.Nodes.Count(node => node is Hub or Switch),
            world.Nodes.Count(node => node is Bus),
            world.Cables.Count,
            world.Hosts.Sum(host => host.Programs.Count)
        );
        if (call.Json)
            call.Terminal.JsonLine(counts, WorldCheckJson.Default.WorldCheckAnswer);
        else
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{counts.File} is right: {counts.Hosts} hosts, {counts.Routers} routers, {counts.Bridges} hubs and switches,{(counts.Buses > 0 ? $" {counts.Buses} buses," : "")} {counts.Cables} cables, {counts.Services} services",
                    $"{counts.File}은(는) 올바릅니다: 호스트 {counts.Hosts}대, 라우터 {counts.Routers}대, 허브와 스위치 {counts.Bridges}대,{(counts.Buses > 0 ? $" 버스 {counts.Buses}개," : "")} 케이블 {counts.Cables}개, 서비스 {counts.Services}개"
                )
            );
        return Exit.Done;
    }

    public static ErrorReport Report(IReadOnlyList<WorldFileError> errors) =>
        new(
            errors.Count == 1
                ? $"a mistake in the world file: {errors[0]}"
                : $"{errors.Count} mistakes in the world file {errors[0].File}",
            [.. errors.Select(error => new Mistake(error.File, error.Line, error.Column, error.Message))]
        );
}

/// <summary>The answer of <c>world check --json</c> about a file that is right.</summary>
internal sealed record WorldCheckAnswer(
    string File,
    bool Ok,
    int Hosts,
    int Routers,
    int Bridges,
    int Buses,
    int Cables,
    int Services
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorldCheckAnswer))]
internal sealed partial class WorldCheckJson : JsonSerializerContext;

using System.Text.Json;
using Twocan.Core;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>Journeys through the world that ships.</summary>
internal sealed class Trip : IDisposable
{
    public const string Sample = "http://www.lab.cyber.co.kr/sample1.htm";

    private readonly Dictionary<string, (Capture Capture, MemoryStream Stream)> _captures = new(StringComparer.Ordinal);

    public Trip(ulong seed = 1, params string[] faults)
    {
        World = WorldLibrary.Load(options: new() { Journal = true, Seed = seed });
        foreach (var fault in faults)
            World.Fault(fault);
    }

    public World World { get; }

    /// <summary>Captures these cables from now on, each for itself; all of them if none is named.</summary>
    public Trip Watch(params string[] links)
    {
        foreach (var cable in World.Cables.Where(cable => links.Length == 0 || links.Contains(cable.Name)))
        {
            var stream = new MemoryStream();
            _captures.Add(cable.Name, (new(World, stream, [cable]), stream));
        }
        return this;
    }

    /// <summary>What crossed a cable, as a pcapng file. No more frames can be captured after that.</summary>
    public byte[] Capture(string link)
    {
        _captures[link].Capture.Dispose();
        return _captures[link].Stream.ToArray();
    }

    public IEnumerable<byte[]> Captures() => World.Cables.Select(cable => Capture(cable.Name));

    /// <summary>The only family that the browser uses; null leaves it to the world.</summary>
    public IpFamily? Family { get; init; }

    /// <summary>The journey ends with what is on the screen.</summary>
    public bool KeepsScreen { get; init; }

    public Task<Journey> GoAsync(string url = Sample, string? via = null, int times = 1) =>
        new Exploration(
            World,
            (Host)World.Find("pc")!,
            Url.Parse(url),
            via is null ? null : new(via, Port.HttpProxy),
            times
        )
        {
            Family = Family,
            KeepsScreen = KeepsScreen,
        }.RunAsync();

    public string Json(Journey journey) =>
        JsonSerializer.Serialize(JourneyReporter.Report(journey, World.Loop), JourneyJson.Default.JourneyReport);

    public static async Task<Journey> OneAsync(string url = Sample, params string[] faults)
    {
        using var trip = new Trip(1, faults);
        return await trip.GoAsync(url);
    }

    public void Dispose()
    {
        foreach (var (capture, _) in _captures.Values)
            capture.Dispose();
        World.Dispose();
    }
}

namespace Twocan.Explorer;

/// <summary>The small services that need to be told nothing.</summary>
public static class SmallServices
{
    public static IReadOnlyList<SmallService> All { get; } =
    [
        EchoService.Service,
        DiscardService.Service,
        ChargenService.Service,
        DaytimeService.Service,
        TimeService.Service,
        MeasuringServices.Source(),
        MeasuringServices.Sink,
    ];

    public static SmallService? Find(string name) => All.FirstOrDefault(service => service.Name == name);
}

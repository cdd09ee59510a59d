using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>This machine and its own network, in real time: <c>--on-host</c>.</summary>
internal sealed class HostSession : Session
{
    private readonly HostNetwork _network;

    private HostSession(HostNetwork network, Journal? journal = null)
        : base(network.Loop, isInFront: true) => (_network, Journal) = (network, journal);

    /// <summary>What this process's own sockets and programs did; null when nobody reads it.</summary>
    public Journal? Journal { get; }

    /// <summary>This machine's network itself.</summary>
    public HostNetwork Machine => _network;

    public override INetwork Network => _network;

    public override IEnumerable<(string Adapter, IpAddress Address)> Addresses =>
        OperatingSystem.IsLinux() ? OfLinux() : [];

    public static new HostSession Open(Invocation call, bool journal = false)
    {
        if (call.Capture is not null)
            throw new WrongUsageException(
                "--capture writes the cables of a world; of this machine's adapters, 'twocan capture --on-host' does"
            );
        if (!journal)
            return OpenForCapture();
        var loop = HostNetwork.OpenLoop();
        var told = new Journal(loop);
        return new(new(loop, told.For(Environment.MachineName)), told);
    }

    /// <summary>For the one verb that writes a file of its own.</summary>
    public static HostSession OpenForCapture() => new(new(HostNetwork.OpenLoop()));

    public override T Run<T>(Func<CancellationToken, Task<T>> program) => Network.Loop.Run(() => program(Stop));

    public override string? NameOf(IpAddress address) => HostsFile.NameOf(address);

    protected override int ScopeOf(string zone) =>
        OperatingSystem.IsLinux() && HostTables.Links().FirstOrDefault(link => link.Name == zone) is { } named
            ? named.Index
            : throw new WrongUsageException($"{Network.Name} has no adapter '{zone}'");

    [SupportedOSPlatform("linux")]
    private static IEnumerable<(string, IpAddress)> OfLinux() =>
        HostTables
            .Links()
            .SelectMany(link =>
                HostTables
                    .Addresses()
                    .Where(one => one.Link == link.Index)
                    .Select(one => (link.Name, one.Address.Address))
            );

    public override void Dispose()
    {
        (Network.Loop.Driver as IDisposable)?.Dispose();
        base.Dispose();
    }
}

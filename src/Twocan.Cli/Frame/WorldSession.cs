using System.Runtime.InteropServices;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Explorer;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>The world that a verb works in, as the common options say: opened, captured, interrupted by Ctrl-C, closed.</summary>
internal sealed class WorldSession : IDisposable
{
    private readonly Capture? _capture;
    private readonly PosixSignalRegistration? _interrupt;

    private WorldSession(World world, Host host, Capture? capture)
    {
        (World, Host, _capture) = (world, host, capture);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt);
    }

    public World World { get; }

    /// <summary>Who I am in it.</summary>
    public Host Host { get; }

    /// <param name="journal">Whether the verb reads the journal; a capture does in any case.</param>
    /// <param name="cables">What a capture shows; null is what somebody with a capture program on my host would see: its own cables.</param>
    public static WorldSession Open(
        Invocation call,
        bool journal = false,
        Func<World, IEnumerable<Cable>?>? cables = null
    )
    {
        var world = Load(call, journal || call.Capture is not null);
        try
        {
            if (world.Hosts.FirstOrDefault(host => host.Name == call.Host) is not { } host)
                throw new WrongUsageException(NoSuchHost(call.Host, world));
            return new(
                world,
                host,
                OpenCapture(call.Capture, world, cables?.Invoke(world) ?? host.Ends.Select(end => end.Cable))
            );
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program on my host, and the world around it for as long as it takes.</summary>
    public T Run<T>(Func<Task<T>> program) => World.RunAsync(program).GetAwaiter().GetResult();

    /// <summary>The host that has an address, if any: what <c>From 10.11.12.1</c> is called.</summary>
    public string? NameOf(IpAddress address) =>
        World.Hosts.FirstOrDefault(host => host.Addresses.Any(one => one.Address == address))?.Name;

    /// <summary>What the journal's readers want to know of the world: whose addresses these are.</summary>
    public Neighbourhood Neighbourhood =>
        new(
            World
                .Hosts.SelectMany(host => host.Addresses.Select(one => (one.Address, host.Name)))
                .ToDictionary(pair => pair.Address, pair => pair.Name),
            new Dictionary<string, LinkFacts>()
        );

    /// <summary>gethostbyname on my host; throws <see cref="NoAnswerException"/> when the name has no address.</summary>
    public async Task<IpAddress> ResolveAsync(string name)
    {
        try
        {
            return (await new StubResolver(Host.Network).ResolveAsync(name)).Addresses[0];
        }
        catch (NameResolutionException failure)
        {
            // A host of the world need not have a name in the DNS; who knows it by the world's name is told its address.
            throw new NoAnswerException(
                World.Find(name) is Host { Address: { } address }
                    ? $"{failure.Message}; the host {name} of this world is at {address}"
                    : failure.Message
            );
        }
    }

    public static string NoSuchHost(string name, World world)
    {
        var names = world.Hosts.Select(host => host.Name).ToList();
        return Nearest.Guess(name, names) is { } near
            ? $"there is no host '{name}' in this world; did you mean '{near}'?"
            : $"there is no host '{name}' in this world; there are {string.Join(", ", names)}";
    }

    public void Dispose()
    {
        World.Dispose();
        _capture?.Dispose();
        _interrupt?.Dispose();
    }

    private static World Load(Invocation call, bool journal)
    {
        var options = new WorldOptions { Journal = journal };
        if (call.Seed is { } seed)
            options = options with { Seed = seed };
        return WorldLibrary.Load(call.WorldFile ?? WorldLibrary.Default, options);
    }

    private static Capture? OpenCapture(string? path, World world, IEnumerable<Cable> cables)
    {
        if (path is null)
            return null;
        try
        {
            return new(world, File.Create(path), cables);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"the capture cannot be written: {failure.Message}");
        }
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        World.Loop.Interrupt();
    }
}

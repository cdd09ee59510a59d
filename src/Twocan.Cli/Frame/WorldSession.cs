using Twocan.Core;
using Twocan.Dns;
using Twocan.Explorer;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>
/// The world that a verb works in, as the common options say: opened, captured, interrupted by Ctrl-C, closed. In a shell it
/// is the one that lives there, and is left open. The first Ctrl-C asks the verb to end, the second ends it.
/// </summary>
internal sealed class WorldSession : Session
{
    /// <summary>In a world that lives on, faults and jobs may be to come for long: so long it is looked on until it is at rest.</summary>
    private static readonly Duration s_restOfTheLiving = Duration.FromSeconds(120);

    /// <summary>So many names are read in an error; of more, those that are near.</summary>
    private const int MaxListed = 24;

    private readonly IDisposable? _reading;
    private readonly Capture? _capture;
    private readonly bool _isLiving;

    private WorldSession(World world, Host host, IDisposable? reading, Capture? capture, bool isLiving, bool isInFront)
        : base(world.Loop, isInFront) =>
        (World, Host, _reading, _capture, _isLiving) = (world, host, reading, capture, isLiving);

    public World World { get; }

    /// <summary>Who I am in it.</summary>
    public Host Host { get; }

    public override INetwork Network => Host.Network;

    public override IEnumerable<(string Adapter, IpAddress Address)> Addresses =>
        Host.Adapters.SelectMany(adapter => adapter.Addresses.Select(one => (adapter.Name, one.Address)));

    /// <summary>How long a verb looks on after it is done, until the world is at rest; null is 'long'.</summary>
    public Duration? Rest => _isLiving ? s_restOfTheLiving : null;

    /// <param name="journal">Whether the verb reads the journal; a capture does in any case.</param>
    /// <param name="cables">What a capture shows; null is what somebody with a capture program on my host would see: its own cables.</param>
    /// <param name="isInFront">Whether Ctrl-C means this verb.</param>
    /// <param name="driver">Null is virtual time.</param>
    /// <param name="captures">Whether it is this world that <c>--capture</c> means.</param>
    public static WorldSession Open(
        Invocation call,
        bool journal = false,
        Func<World, IEnumerable<Cable>?>? cables = null,
        bool isInFront = true,
        LoopDriver? driver = null,
        bool captures = true
    )
    {
        var path = captures ? call.Capture : null;
        journal |= path is not null;
        var world = call.Living?.World ?? Load(call, new() { Journal = journal, Driver = driver });
        IDisposable? reading = null;
        try
        {
            ThrowIfOtherWorld(call);
            var host = HostOf(call, world);
            reading = journal ? call.Living?.ReadJournal() : null;
            var capture = OpenCapture(path, world, cables?.Invoke(world) ?? host.Ends.Select(end => end.Cable));
            return new(world, host, reading, capture, call.Living is not null, isInFront);
        }
        catch
        {
            reading?.Dispose();
            if (call.Living is null)
                world.Dispose();
            throw;
        }
    }

    /// <summary>A world for a shell, with me in it.</summary>
    public static LivingWorld OpenLiving(Invocation call)
    {
        var world = Load(call, new() { Journal = true, Paced = true });
        try
        {
            var me = HostOf(call, world);
            world.Journal!.Keeps = false;
            return new(world, me, OpenCapture(call.Capture, world, me.Ends.Select(end => end.Cable)));
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program on my host, and the world around it for as long as it takes.</summary>
    public override T Run<T>(Func<CancellationToken, Task<T>> program) =>
        World
            .RunAsync(async () =>
            {
                await Host.AddressedAsync(Stop);
                return await program(Stop);
            })
            .GetAwaiter()
            .GetResult();

    /// <summary>The last goodbyes are said after who waited for the answer has gone on.</summary>
    public void Settle()
    {
        World.Settle(Rest, Stop);
        Stop.ThrowIfCancellationRequested();
    }

    /// <summary>The host that has an address, if any: what <c>From 10.11.12.1</c> is called.</summary>
    public override string? NameOf(IpAddress address) =>
        World.Hosts.FirstOrDefault(host => host.Addresses.Any(one => one.Address == address))?.Name;

    /// <summary>What the journal's readers want to know of the world: whose addresses these are.</summary>
    public Neighbourhood Neighbourhood => Neighbourhood.Of(World);

    /// <summary>A link is named by my adapter, by its cable, or by who is at the cable's other end.</summary>
    protected override int ScopeOf(string zone)
    {
        for (var i = 0; i < Host.Ends.Count; i++)
        {
            var end = Host.Ends[i];
            if (Host.Adapters[i].Name == zone || end.Peer.Name == zone || World.FindCable(zone) == end.Cable)
                return Host.Adapters[i].Number;
        }
        throw new WrongUsageException(
            $"{Host.Name} has no adapter or cable '{zone}'; there is {string.Join(", ", Host.Ends.Select((end, i) => $"{Host.Adapters[i].Name} ({end.Cable.Name})"))}"
        );
    }

    /// <summary>The cables that these names stand for, each once; a name that is not there is wrong usage.</summary>
    public static IReadOnlyList<Cable> CablesOf(World world, IEnumerable<string> names) =>
        [
            .. names
                .SelectMany(name =>
                    ListeningPost.TryFind(world, name, out var cables, out var error)
                        ? cables
                        : throw new WrongUsageException(error)
                )
                .Distinct(),
        ];

    public static string NoSuchHost(string name, World world)
    {
        var names = world.Hosts.Select(host => host.Name).ToList();
        return Nearest.Guess(name, names) is { } near
                ? $"there is no host '{name}' in this world; did you mean '{near}'?"
            : names.Count > MaxListed
                ? $"there is no host '{name}' in this world; near to it: {string.Join(", ", Nearest.Of(name, names))}"
            : $"there is no host '{name}' in this world; there are {string.Join(", ", names)}";
    }

    public override void Dispose()
    {
        if (!_isLiving)
            World.Dispose();
        _capture?.Dispose();
        _reading?.Dispose();
        base.Dispose();
    }

    /// <summary>A host of the world need not have a name in the DNS; who knows it by the world's name is told its address.</summary>
    protected override string? WhatElseIsKnownOf(string name) =>
        World.Find(name) is Host { Address: { } address } ? $"the host {name} of this world is at {address}" : null;

    /// <summary>A shell's world was chosen when it was opened.</summary>
    private static void ThrowIfOtherWorld(Invocation call)
    {
        if (call.Living is null || (call.WorldFile is null && call.Seed is null))
            return;
        var option = call.Seed is null ? "--world" : "--seed";
        throw new WrongUsageException(
            $"{option} is for a new world, and this one lives already: leave it with 'exit', and say 'twocan shell {option} …'"
        );
    }

    private static Host HostOf(Invocation call, World world)
    {
        if (call.Living is { } living && !call.HasHost)
            return living.Me;
        return world.Hosts.FirstOrDefault(host => host.Name == call.Host)
            // Not every world has a 'pc': who does not say who he is, is the first that is no router.
            ?? (call.HasHost ? null : world.Hosts.FirstOrDefault(host => host is not Router))
            ?? throw new WrongUsageException(NoSuchHost(call.Host, world));
    }

    private static World Load(Invocation call, WorldOptions options)
    {
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
}

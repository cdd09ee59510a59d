using System.Diagnostics.CodeAnalysis;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// One coaxial cable past everybody: 10BASE5, the yellow one. Each station taps it at some place, and what one says runs
/// along it to both ends and is heard by all, by who is farther away a little later. It is wire and has no power of its own.
/// </summary>
public sealed class Bus : Node
{
    /// <summary>How far the next station is clamped on that does not say where: the yellow cable has a mark every 2.5 m, and this is every second one.</summary>
    public static readonly Duration TapDistance = Quantity.DelayOfMetre * 5;

    private readonly Junction _junction;

    internal Bus(World world, string name, CableSettings settings)
        : base(world, name)
    {
        Settings = settings;
        _junction = new(
            this,
            static (from, to) =>
            {
                var way = from.Cable.Settings.At.GetValueOrDefault() - to.Cable.Settings.At.GetValueOrDefault();
                return way < Duration.Zero ? -way : way;
            },
            static (cable, others, journal, because) => journal.Tell(new BusCarried(cable, others), because),
            repeats: false
        );
    }

    /// <summary>Its rate and MTU, and its length, as the time that a signal takes from one end to the other.</summary>
    public CableSettings Settings { get; }

    /// <summary>In metres, as a person says it.</summary>
    public string Length => Quantity.SayDistance(Settings.Delay);

    public override bool IsBridge => true;

    internal override Junction Junction => _junction;

    /// <summary>What a station's stub is like that says nothing itself: of the bus, without a length of its own, at the next tap.</summary>
    internal CableSettings Stub =>
        Settings with
        {
            Delay = Duration.Zero,
            At = Ends.Count == 0 ? Duration.Zero : Ends[^1].Cable.Settings.At + TapDistance,
        };

    /// <summary>A bus of that kind: a rate and a length, and half duplex whether it is said or not.</summary>
    internal static bool TryParse(
        string text,
        CableSettings start,
        out CableSettings settings,
        [NotNullWhen(false)] out string? error
    )
    {
        var plain = start with { HalfDuplex = true, At = null };
        if (!CableSettings.TryParse(text, plain, out settings, out error))
            return false;
        error =
            !settings.HalfDuplex ? "a bus is half duplex: all its stations share one wire"
            : settings.At is not null ? "'at' says where a station is on the bus: it belongs to the station's link"
            : settings.Loss > 0 || settings.Jitter > Duration.Zero || settings.Queue != QueueSettings.Default
                ? "a bus has a rate, a length and an mtu; loss, jitter and queue belong to the links of its stations"
            : settings.WhatIsWrong;
        return error is null;
    }

    private protected override IFrameReceiver MakeReceiver(CableEnd end) => Wire.Instance;

    /// <summary>What comes by a stub is on the bus already (<see cref="Worlds.Junction"/>).</summary>
    private sealed class Wire : IFrameReceiver
    {
        public static readonly Wire Instance = new();

        public void Receive(PacketBuffer frame) => frame.Dispose();
    }
}

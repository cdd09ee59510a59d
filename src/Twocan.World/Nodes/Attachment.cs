using System.ComponentModel;
using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>How the kernel joins a world.</summary>
public sealed record AttachmentSettings
{
    /// <summary>What the kernel's adapter is called, and in the world the machine at the end of the cable.</summary>
    public string Adapter { get; init; } = "twocan0";

    /// <summary>The network namespace that the adapter is put into; null is the one that this process is in.</summary>
    public string? Namespace { get; init; }

    /// <summary>What the cable is like.</summary>
    public CableSettings Cable { get; init; } = new();

    /// <summary>
    /// The kernel leaves segments of up to 64 KiB uncut and checksums out, and takes such from us. A host at the cable's
    /// other end gets them as they are, and does the same; for a switch or a hub they are cut where they come in.
    /// </summary>
    public bool Offload { get; init; }
}

/// <summary>
/// The kernel's adapter at the end of a cable of a world, with its address and, in a namespace of its own, its route and
/// name servers. Disposing it takes away what was made; a crash leaves only what the next one takes away.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class Attachment : IDisposable
{
    private readonly NamespaceLease? _lease;

    private Attachment(OutletPlan plan, NamespaceLease? lease, TapLink link, Cable cable) =>
        (Plan, _lease, Link, Cable) = (plan, lease, link, cable);

    public OutletPlan Plan { get; }

    public TapLink Link { get; }

    public Cable Cable { get; }

    public string? Namespace => _lease?.Name;

    /// <summary>Throws <see cref="Win32Exception"/> with what the kernel refuses.</summary>
    public static Attachment Open(World world, OutletPlan plan, AttachmentSettings settings)
    {
        var lease = settings.Namespace is { } name ? NamespaceLease.Take(name, plan.NameServers) : null;
        try
        {
            var link = OpenLink(world, plan, settings);
            var cable = world.Link(plan.At, world.Outlet(link.Name, link), settings.Cable);
            if (settings.Offload && plan.At is Host host)
                host.Configure(_ => host.AdapterOn(cable.EndA).Offload = true);
            return new(plan, lease, link, cable);
        }
        catch
        {
            lease?.Dispose();
            throw;
        }
    }

    /// <summary>On this thread it is as if the process lived in the namespace, until the answer is disposed: for a program that is started there.</summary>
    public IDisposable? Enter() => Namespace is { } name ? NetworkNamespace.Enter(name) : null;

    public void Dispose()
    {
        Link.Dispose();
        _lease?.Dispose();
    }

    private static TapLink OpenLink(World world, OutletPlan plan, AttachmentSettings settings)
    {
        using var there = settings.Namespace is { } name ? NetworkNamespace.Enter(name) : null;
        var device = TapDevice.Open(settings.Adapter, settings.Offload);
        try
        {
            var adapter =
                HostAdapter.Find(device.Name)
                ?? throw new InvalidOperationException($"{device.Name} was made and is not there");
            adapter.Add(plan.Address);
            adapter.SwitchOn(settings.Cable.Mtu);
            // Elsewhere the machine has a way out already, which is nobody's to change but its owner's.
            if (settings.Namespace is not null && plan.Gateway is { } gateway)
                adapter.AddDefaultRoute(gateway);
            return new(world.Loop, device, settings.Cable.Mtu);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}

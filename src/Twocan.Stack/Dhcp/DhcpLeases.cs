using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

public enum DhcpBindingState
{
    /// <summary>Held for a moment for somebody who may take it.</summary>
    Offered,
    Bound,

    /// <summary>Given back, or its time is over: kept for its old holder as long as nobody else needs it.</summary>
    Free,

    /// <summary>Somebody has it whom the server knows nothing of.</summary>
    Taken,
}

/// <summary>A line of a server's book: who has which address until when.</summary>
public sealed class DhcpBinding
{
    internal DhcpBinding(IpAddress address) => Address = address;

    public IpAddress Address { get; }

    /// <summary>Empty for an address that nobody was ever given.</summary>
    public string ClientKey { get; internal set; } = "";

    public MacAddress Client { get; internal set; }

    public string? HostName { get; internal set; }

    public DhcpBindingState State { get; internal set; } = DhcpBindingState.Free;

    public Instant Ends { get; internal set; }

    public bool IsHeld(Instant now) => State != DhcpBindingState.Free && Ends > now;
}

/// <summary>
/// The addresses that a server may give away and who has them: one line an address, so it is bounded by its range. A client
/// gets the address that it had; a new one an address that nobody ever had, and last the one that is unused for longest.
/// </summary>
public sealed class DhcpLeases(IpAddress first, IpAddress last)
{
    private readonly Dictionary<IpAddress, DhcpBinding> _byAddress = [];
    private readonly Dictionary<string, DhcpBinding> _byClient = new(StringComparer.Ordinal);

    /// <summary>By the end of their time: whoever is first is the first to be used again.</summary>
    private readonly SortedSet<(Instant Ends, IpAddress Address)> _byEnd = [];

    /// <summary>From here on nobody ever had one.</summary>
    private uint _fresh = first.AsV4;

    /// <summary>By address.</summary>
    public IReadOnlyList<DhcpBinding> Bindings => [.. _byAddress.Values.OrderBy(binding => binding.Address)];

    public bool InRange(IpAddress address) => address.IsV4 && address.AsV4 >= first.AsV4 && address.AsV4 <= last.AsV4;

    public DhcpBinding? Of(string clientKey) => _byClient.GetValueOrDefault(clientKey);

    /// <summary>An address for a client (RFC 2131 §4.3.1): the one it has or had, else the one that it wants, else any. False when there is none left.</summary>
    public bool TryChoose(string clientKey, IpAddress? wanted, Instant now, out IpAddress address)
    {
        if (Of(clientKey) is { State: not DhcpBindingState.Taken } own)
        {
            address = own.Address;
            return true;
        }
        if (wanted is { } want && InRange(want) && !IsHeld(want, now))
        {
            address = want;
            return true;
        }
        for (; _fresh != 0 && _fresh <= last.AsV4; _fresh++)
        {
            address = IpAddress.V4(_fresh);
            if (!_byAddress.ContainsKey(address))
                return true;
        }
        address = _byEnd.Count > 0 ? _byEnd.Min.Address : IpAddress.Any;
        return _byEnd.Count > 0 && !IsHeld(address, now);
    }

    public bool IsHeld(IpAddress address, Instant now) =>
        _byAddress.TryGetValue(address, out var binding) && binding.IsHeld(now);

    /// <summary>Enters who has an address from now on. A client has one at a time.</summary>
    internal DhcpBinding Enter(DhcpMessage message, IpAddress address, DhcpBindingState state, Instant ends)
    {
        var key = message.ClientKey;
        if (Of(key) is { } other && other.Address != address)
            Free(other, Instant.Zero);
        var binding = Line(address);
        Forget(binding);
        (binding.ClientKey, binding.Client) = (key, message.Client);
        binding.HostName = message.Options.Text(DhcpOption.HostName) ?? binding.HostName;
        _byClient[key] = binding;
        Set(binding, state, ends);
        return binding;
    }

    /// <summary>Somebody is there who did not ask.</summary>
    internal void Taken(IpAddress address, Instant until)
    {
        var binding = Line(address);
        Forget(binding);
        Set(binding, DhcpBindingState.Taken, until);
    }

    internal void Free(DhcpBinding binding, Instant now) => Set(binding, DhcpBindingState.Free, now);

    private DhcpBinding Line(IpAddress address)
    {
        if (!_byAddress.TryGetValue(address, out var binding))
            _byAddress.Add(address, binding = new(address));
        return binding;
    }

    private void Forget(DhcpBinding binding)
    {
        _byClient.Remove(binding.ClientKey);
        (binding.ClientKey, binding.Client, binding.HostName) = ("", default, null);
    }

    private void Set(DhcpBinding binding, DhcpBindingState state, Instant ends)
    {
        _byEnd.Remove((binding.Ends, binding.Address));
        (binding.State, binding.Ends) = (state, ends);
        _byEnd.Add((ends, binding.Address));
    }
}

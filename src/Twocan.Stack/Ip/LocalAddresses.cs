using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// A host's own addresses, with their adapters, and (with null) the broadcast addresses of its subnets. Each packet asks
/// several times, and is mostly told no: a bit for each address that was ever added says so without a look at the table.
/// </summary>
internal sealed class LocalAddresses
{
    private readonly Dictionary<IpAddress, Adapter?> _byAddress = [];
    private ulong _bits;

    public Adapter? this[IpAddress address]
    {
        set
        {
            _byAddress[address] = value;
            _bits |= Bit(address);
        }
    }

    public bool TryGetValue(IpAddress address, out Adapter? adapter)
    {
        adapter = null;
        return (_bits & Bit(address)) != 0 && _byAddress.TryGetValue(address, out adapter);
    }

    public bool Contains(IpAddress address) => (_bits & Bit(address)) != 0 && _byAddress.ContainsKey(address);

    public Adapter? GetValueOrDefault(IpAddress address) => _byAddress.GetValueOrDefault(address);

    public void TryAdd(IpAddress address, Adapter? adapter)
    {
        if (_byAddress.TryAdd(address, adapter))
            _bits |= Bit(address);
    }

    public void Remove(IpAddress address) => _byAddress.Remove(address);

    // The upper bits of a product depend on all bits below: neighbours in a subnet get bits of their own.
    private static ulong Bit(IpAddress address) =>
        1UL << (int)((address.High ^ address.Low) * 0x9E37_79B9_7F4A_7C15 >> 58);
}

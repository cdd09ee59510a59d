using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>The arguments of a call, as the call wants them.</summary>
internal readonly struct DrillArguments(DrillCall call)
{
    private const int LongestTransfer = 64 << 20;

    public string Name => call.Name;

    /// <summary>What the script wants the call to return.</summary>
    public long? Expected => call.Result;

    public long Number(int index) => NumberOf(At(index));

    public long NumberOr(int index, long none) =>
        index < call.Arguments.Count && call.Arguments[index] is DrillNumber number ? number.Value : none;

    public int Count(int index) =>
        Number(index) is >= 0 and <= LongestTransfer and var count
            ? (int)count
            : throw Unsupported("a transfer of that length");

    public long NumberOf(DrillValue? value) =>
        value switch
        {
            DrillNumber number => number.Value,
            DrillList { Items: [DrillNumber number] } => number.Value,
            _ => throw Wrong("a number"),
        };

    /// <summary>The script gives no place to read from or write to.</summary>
    public bool IsNull(int index) => At(index) is DrillNumber { Value: 0 };

    public string Text(int index) =>
        At(index) switch
        {
            DrillText text => text.Value,
            DrillList { Items: [DrillText text] } => text.Value,
            _ => throw Wrong("a text"),
        };

    /// <summary>A text as the octets that it stands for.</summary>
    public byte[] Bytes(int index) =>
        Text(index) is var text && text.All(letter => letter <= byte.MaxValue)
            ? [.. text.Select(letter => (byte)letter)]
            : throw Wrong("octets");

    /// <summary>The lengths of an iovec, together: <c>[{..., 1000}, {..., 500}]</c>.</summary>
    public int Vector(int index) => LengthOf(At(index));

    /// <summary>Those of the iovec in a msghdr.</summary>
    public int MessageLength(int index) =>
        At(index) is DrillStructure message ? LengthOf(message["msg_iov"]) : throw Wrong("a structure msghdr");

    /// <summary>Those that the script looks at in a msghdr.</summary>
    public IEnumerable<DrillStructure> ControlMessages(int index) =>
        At(index) is DrillStructure message && message["msg_control"] is DrillList { Items: var items }
            ? items.OfType<DrillStructure>()
            : [];

    public DrillStructure Structure(int index) => At(index) as DrillStructure ?? throw Wrong("a structure");

    /// <summary>A structure where one is enough, a list of them, or nothing that is looked at.</summary>
    public IReadOnlyList<DrillStructure> StructuresOrOne(int index) =>
        At(index) switch
        {
            DrillStructure one => [one],
            DrillEllipsis => [],
            _ => Structures(index),
        };

    public IReadOnlyList<DrillStructure> Structures(int index) =>
        At(index) is DrillList list && list.Items.All(item => item is DrillStructure)
            ? [.. list.Items.Cast<DrillStructure>()]
            : throw Wrong("a list of structures");

    /// <summary>Seconds, or -1 for 'off'.</summary>
    public long Linger(int index) =>
        At(index) is DrillStructure linger
            ? NumberOf(linger["onoff"] ?? linger["l_onoff"]) == 0
                ? -1
                : NumberOf(linger["linger"] ?? linger["l_linger"])
            : throw Wrong("a structure linger");

    /// <summary>An address; <paramref name="whatever"/> stands for <c>...</c>, null for none at all.</summary>
    public Endpoint? Address(int index, Endpoint whatever)
    {
        switch (index < call.Arguments.Count ? call.Arguments[index] : null)
        {
            case DrillEllipsis:
                return whatever;
            case null or DrillNumber { Value: 0 }:
                return null;
            case DrillStructure address:
                var port = NumberOf(address["sin_port"] ?? address["sin6_port"]);
                var text = (address["sin_addr"] ?? address["sin6_addr"]) is DrillText named ? named.Value : "";
                if (!IpAddress.TryParse(text, out var ip) || port is < 0 or > ushort.MaxValue)
                    throw Wrong("an address with sin_port and sin_addr");
                return new(ip, (ushort)port);
            default:
                throw Wrong("an address");
        }
    }

    /// <summary>What the call writes there has to be what the script says.</summary>
    public void CheckOut(int index, long actual) =>
        Check(index < call.Arguments.Count ? call.Arguments[index] : null, actual, $"argument {index + 1}");

    public void Check(DrillValue? value, long actual, string what)
    {
        if (value is null or DrillEllipsis || NumberOf(value) == actual)
            return;
        throw new DrillFailedException(
            call.Line,
            $"runtime error in {Name} call: Expected {what} to be {NumberOf(value)} but got {actual}"
        );
    }

    public DrillScriptException Unsupported(string what) => new(call.Line, $"{what} is not supported");

    private int LengthOf(DrillValue? vector)
    {
        if (vector is not DrillList list)
            throw Wrong("a list of {..., length}");
        var total = 0L;
        foreach (var item in list.Items)
        {
            var length = item is DrillStructure part
                ? NumberOf(part["iov_len"] ?? (part.Fields.Count == 2 ? part.Fields[1].Value : null))
                : -1;
            if (length < 0 || (total += length) > LongestTransfer)
                throw Wrong("a list of {..., length}");
        }
        return (int)total;
    }

    private DrillValue At(int index) =>
        index < call.Arguments.Count
            ? call.Arguments[index]
            : throw new DrillScriptException(call.Line, $"{Name} needs more than {call.Arguments.Count} arguments");

    private DrillScriptException Wrong(string wanted) => new(call.Line, $"an argument of {Name} should be {wanted}");
}

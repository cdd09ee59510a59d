using System.Buffers.Binary;

namespace Twocan.Stack;

/// <summary>
/// The Fast Open option of a SYN (RFC 7413 §4.1.1): a cookie, or none, which in a client's SYN asks for one. Before it had a
/// number of its own it was an experiment (RFC 6994), and some still speak that.
/// </summary>
public sealed class FastOpenCookie : IEquatable<FastOpenCookie>
{
    public const int MinLength = 4;
    public const int MaxLength = 16;

    /// <summary>What tells this experiment from the others that share a kind.</summary>
    private const ushort ExperimentId = 0xF989;

    /// <summary>'Give me a cookie.'</summary>
    public static readonly FastOpenCookie Request = new([], isExperimental: false);

    public static readonly FastOpenCookie ExperimentalRequest = new([], isExperimental: true);

    private readonly byte[] _bytes;

    private FastOpenCookie(byte[] bytes, bool isExperimental) => (_bytes, IsExperimental) = (bytes, isExperimental);

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool IsExperimental { get; }

    public bool IsRequest => _bytes.Length == 0;

    /// <summary>The option with its padding to words of four octets.</summary>
    public int OptionLength => (Prefix + _bytes.Length + 3) & ~3;

    private int Prefix => IsExperimental ? 4 : 2;

    /// <summary>Null for a length that no cookie has: then it is as if the option were not there.</summary>
    public static FastOpenCookie? Of(ReadOnlySpan<byte> bytes, bool isExperimental = false) =>
        bytes.Length switch
        {
            0 => isExperimental ? ExperimentalRequest : Request,
            >= MinLength and <= MaxLength when bytes.Length % 2 == 0 => new(bytes.ToArray(), isExperimental),
            _ => null,
        };

    /// <summary>Reads the option of either kind; null when it is none of ours, or not well-formed.</summary>
    public static FastOpenCookie? Read(in TcpOption option) =>
        option.Kind switch
        {
            TcpOptionKind.FastOpen => Of(option.Data),
            TcpOptionKind.Experimental
                when option.Data.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(option.Data) == ExperimentId => Of(
                option.Data[2..],
                isExperimental: true
            ),
            _ => null,
        };

    /// <summary>Fills <see cref="OptionLength"/> octets; NOPs stand behind it, as Linux has them.</summary>
    public void Write(Span<byte> into)
    {
        into[..OptionLength].Fill((byte)TcpOptionKind.NoOperation);
        into[0] = (byte)(IsExperimental ? TcpOptionKind.Experimental : TcpOptionKind.FastOpen);
        into[1] = (byte)(Prefix + _bytes.Length);
        if (IsExperimental)
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], ExperimentId);
        _bytes.CopyTo(into[Prefix..]);
    }

    /// <summary>The same cookie; the kind of the option that carries it does not count.</summary>
    public bool Equals(FastOpenCookie? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as FastOpenCookie);

    public override int GetHashCode() =>
        _bytes.Length >= MinLength ? BinaryPrimitives.ReadInt32LittleEndian(_bytes) : 0;

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}

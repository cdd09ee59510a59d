namespace Twocan.Stack;

/// <summary>The control bits of a segment (RFC 9293 §3.1, RFC 3168).</summary>
[Flags]
public enum TcpFlags : byte
{
    None = 0,
    Fin = 0x01,
    Syn = 0x02,
    Rst = 0x04,
    Psh = 0x08,
    Ack = 0x10,
    Urg = 0x20,
    Ece = 0x40,
    Cwr = 0x80,
}

public static class TcpFlagsExtensions
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 256).Select(bits => Spell((TcpFlags)bits))];

    extension(TcpFlags flags)
    {
        /// <summary>As captures show them: <c>SYN, ACK</c>. Spelled once, so that telling the journal allocates nothing.</summary>
        public string Text => Texts[(byte)flags];

        public bool Has(TcpFlags flag) => (flags & flag) != TcpFlags.None;
    }

    private static string Spell(TcpFlags flags) =>
        string.Join(
            ", ",
            Enum.GetValues<TcpFlags>()
                .Where(flag => flag != TcpFlags.None && flags.HasFlag(flag))
                .Select(flag => $"{flag}".ToUpperInvariant())
        );
}

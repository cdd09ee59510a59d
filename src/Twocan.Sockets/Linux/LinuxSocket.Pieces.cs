using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// sendmsg(2) with several pieces. Four at a time: so many are held still by 'fixed', which costs nothing, where a list of
/// any length would need a handle for each.
/// </summary>
internal sealed partial class LinuxSocket
{
    private const int PiecesAtOnce = 4;

    public override SocketError SendPieces(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, int skip, out int count)
    {
        count = 0;
        var next = 0;
        while (next < pieces.Length && skip >= pieces[next].Length)
            skip -= pieces[next++].Length;
        while (next < pieces.Length)
        {
            var some = pieces[next..Math.Min(next + PiecesAtOnce, pieces.Length)];
            next += some.Length;
            var error = SendSome(some, skip, next < pieces.Length, out var sent, out var wanted);
            count += sent;
            if (error != SocketError.Success)
                return count > 0 ? SocketError.Success : error;
            if (sent < wanted)
                break;
            skip = 0;
        }
        return SocketError.Success;
    }

    private unsafe SocketError SendSome(
        ReadOnlySpan<ReadOnlyMemory<byte>> pieces,
        int skip,
        bool more,
        out int sent,
        out int wanted
    )
    {
        var first = pieces[0].Span[skip..];
        var second = SpanAt(pieces, 1);
        var third = SpanAt(pieces, 2);
        var fourth = SpanAt(pieces, 3);
        wanted = first.Length + second.Length + third.Length + fourth.Length;
        fixed (
            byte* a = first,
                b = second,
                c = third,
                d = fourth
        )
        {
            var vectors = stackalloc Libc.IoVector[PiecesAtOnce];
            vectors[0] = new() { Base = a, Length = first.Length };
            vectors[1] = new() { Base = b, Length = second.Length };
            vectors[2] = new() { Base = c, Length = third.Length };
            vectors[3] = new() { Base = d, Length = fourth.Length };
            var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = pieces.Length };
            return Result(Libc.SendMessage(descriptor, &message, more ? NoSignal | More : NoSignal), out sent);
        }
    }

    private static ReadOnlySpan<byte> SpanAt(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, int index) =>
        index < pieces.Length ? pieces[index].Span : default;
}

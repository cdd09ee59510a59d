using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// The character generator (RFC 864): lines of 72 of the 95 printing characters, each line begun one character later, until the
/// client has enough; over UDP up to 512 of them for each datagram.
/// </summary>
public static class ChargenService
{
    public static readonly Port Port = new(19);

    private const int LineLength = 72;
    private const int MaxDatagram = 512;
    private const byte FirstCharacter = (byte)' ';

    /// <summary>All 95 lines: after them it begins again.</summary>
    private static readonly byte[] s_lines = Lines();

    public static SmallService Service { get; } =
        new("chargen", Port, ConverseAsync, static (network, _) => Datagram(network));

    private static async Task ConverseAsync(INetwork network, TcpStream stream, CancellationToken stop)
    {
        // What the client says is thrown away; that it ends ends nothing.
        network.Loop.Start($"chargen {stream.Descriptor}, listening", () => ListenAsync(stream, stop));
        while (true)
            await stream.WriteAsync(s_lines, stop);
    }

    private static async Task ListenAsync(TcpStream stream, CancellationToken stop)
    {
        try
        {
            await DiscardService.SwallowAsync(stream, stop);
        }
        catch (Exception over)
            when (over is System.Net.Sockets.SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Who writes hears of it too.
        }
    }

    /// <summary>§'UDP Based': 'a random number (between 0 and 512) of characters'.</summary>
    private static ReadOnlyMemory<byte> Datagram(INetwork network) =>
        s_lines.AsMemory(0, network.Random.Next(MaxDatagram + 1));

    private static byte[] Lines()
    {
        const int characters = 95;
        var lines = new byte[characters * (LineLength + 2)];
        var at = 0;
        for (var line = 0; line < characters; line++)
        {
            for (var column = 0; column < LineLength; column++)
                lines[at++] = (byte)(FirstCharacter + (line + column) % characters);
            lines[at++] = (byte)'\r';
            lines[at++] = (byte)'\n';
        }
        return lines;
    }
}

using System.Globalization;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Daytime (RFC 867): the date and the time as a line that people can read, whatever is asked.</summary>
public static class DaytimeService
{
    public static readonly Port Port = new(13);

    public static SmallService Service { get; } =
        new(
            "daytime",
            Port,
            static (network, stream, stop) => SmallService.SayAsync(stream, Now(network), stop),
            static (network, _) => Now(network)
        );

    /// <summary>§'Daytime Syntax': 'Weekday, Month Day, Year Time-Zone'.</summary>
    private static ReadOnlyMemory<byte> Now(INetwork network) =>
        Encoding.ASCII.GetBytes(
            network.Loop.UtcNow.ToString("dddd, MMMM d, yyyy HH:mm:ss'-UTC\r\n'", CultureInfo.InvariantCulture)
        );
}

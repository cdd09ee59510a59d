using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>The CGI programs that a world's web servers may run: a world starts nothing on the machine.</summary>
internal static class BuiltInPrograms
{
    public static IReadOnlyList<string> Names { get; } = ["guest-book"];

    public static ICgiProgram? Create(string name, INetwork network) =>
        name == "guest-book" ? new GuestBook(network.Loop) : null;
}

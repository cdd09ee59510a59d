using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>web:</c> with <c>root:</c> (a directory beside the world file), <c>modified:</c> (the date of all its documents: a
/// world must not depend on when somebody copied a file), <c>default-files:</c> and <c>port:</c>.
/// </summary>
internal static class WebService
{
    public static IProgram? Create(ServiceContext context)
    {
        var reader = context.Reader("a web server");
        var root = reader.Optional("root");
        var modified = reader.Date("modified") ?? World.DefaultEpoch;
        var site = new SiteOptions();
        if (reader.Texts("default-files") is { Count: > 0 } names)
            site = site with { DefaultFiles = [.. names.Select(name => name.Text)] };
        var port = reader.Number("port", 1, ushort.MaxValue) ?? Port.Http.Number;
        reader.RefuseOthers();
        if (root is null)
            context.Error(context.Key, "a web server needs its documents: write 'root: DIRECTORY'");
        if (root is null || context.DirectoryPath(root) is not { } directory)
            return null;
        var options = new ServerOptions { Listen = new(IpAddress.Any, (ushort)port) };
        return new WebServer(new DirectoryRoot(directory, modified), options, site);
    }
}

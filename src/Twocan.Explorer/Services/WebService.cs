using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>web:</c> with <c>root:</c> (a directory beside the world file) or <c>pages:</c> (documents in place, by their path),
/// <c>modified:</c> (the date of all of them: a world must not depend on when somebody copied a file),
/// <c>default-files:</c>, <c>list:</c>, <c>programs:</c> (built in, by the path that each answers for), <c>echo:</c>, <c>port:</c>,
/// and <c>admit:</c>, the only subnets that it serves.
/// </summary>
internal static class WebService
{
    public static IProgram? Create(ServiceContext context)
    {
        var reader = context.Reader("a web server");
        var root = reader.Optional("root");
        var pages = reader.Entries("pages", "index.html: <p>Hello!</p>");
        var modified = reader.Date("modified") ?? World.DefaultEpoch;
        var site = new SiteOptions();
        if (reader.Texts("default-files") is { Count: > 0 } names)
            site = site with { DefaultFiles = [.. names.Select(name => name.Text)] };
        if (reader.Text("list") is "yes" or "true")
            site = site with { ListsDirectories = true };
        var programs = reader.Entries("programs", "/cgi-bin/guest-book: guest-book");
        var echoes = reader.Texts("echo");
        var port = reader.Number("port", 1, ushort.MaxValue) ?? Port.Http.Number;
        var admits = reader.Subnets("admit");
        reader.RefuseOthers();
        if (DocumentsOf(context, root, pages, modified) is not { } documents || !AreThere(context, programs))
            return null;
        var options = new ServerOptions { Listen = new(IpAddress.Any6, (ushort)port) };
        options = options with { Waiting = options.Waiting with { Admits = admits } };
        if (programs.Count == 0 && echoes.Count == 0)
            return new WebServer(documents, options, site);
        return new WebServer(
            network => WithPrograms(network, new StaticFiles(documents, site), programs, echoes),
            options
        );
    }

    private static Routes WithPrograms(
        INetwork network,
        StaticFiles files,
        IReadOnlyList<ConfigEntry> programs,
        IReadOnlyList<ConfigNode> echoes
    )
    {
        var handlers = programs
            .Select(entry => (Path: entry.Key.Text, Program: BuiltInPrograms.Create(entry.Value.Text, network)!))
            .Select(one =>
                (one.Path, Handler: new CgiHandler(network, new OneProgram(one.Program), new() { Prefix = one.Path }))
            )
            .ToList();
        var routes = new Routes(
            files,
            [
                .. handlers.Select(one => new Route(one.Path, one.Handler)),
                .. echoes.Select(path => new Route(path.Text, new EchoHandler())),
            ]
        );
        foreach (var (_, handler) in handlers)
            handler.Site = routes;
        return routes;
    }

    private static bool AreThere(ServiceContext context, IReadOnlyList<ConfigEntry> programs)
    {
        var all = true;
        foreach (var (path, name) in programs)
        {
            if (!path.Text.StartsWith('/') || path.Text.Length == 1)
                context.Error(
                    path,
                    $"a program answers for a path, such as /cgi-bin/guest-book, not for '{path.Text}'"
                );
            else if (!BuiltInPrograms.Names.Contains(name.Text))
                context.Error(
                    name,
                    $"no program {name} is built in: there is {string.Join(", ", BuiltInPrograms.Names)}"
                );
            else
                continue;
            all = false;
        }
        return all;
    }

    private static IDocumentRoot? DocumentsOf(
        ServiceContext context,
        ConfigNode? root,
        IReadOnlyList<ConfigEntry> pages,
        DateTimeOffset modified
    )
    {
        if (root is not null && pages.Count > 0)
            context.Error(context.Key, "a web server's documents are either in 'root' or in 'pages': leave one out");
        else if (root is not null)
            return context.DirectoryPath(root) is { } directory ? new DirectoryRoot(directory, modified) : null;
        else if (pages.Count == 0)
            context.Error(
                context.Key,
                "a web server needs its documents: write 'root: DIRECTORY', or 'pages:' and below it one such as 'index.html: |'"
            );
        else
            return InPlace(context, pages, modified);
        return null;
    }

    private static MemoryRoot? InPlace(
        ServiceContext context,
        IReadOnlyList<ConfigEntry> pages,
        DateTimeOffset modified
    )
    {
        var documents = new MemoryRoot(modified);
        var complete = true;
        foreach (var (path, text) in pages)
        {
            if (text.IsText)
                documents.Add(path.Text, text.Text);
            else
                context.Error(text, $"a page's text stands behind its path, after '|', not {text}");
            complete &= text.IsText;
        }
        return complete ? documents : null;
    }
}

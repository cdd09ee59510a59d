using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>web:</c> with <c>root:</c> (a directory beside the world file) or <c>pages:</c> (documents in place, by their path),
/// <c>modified:</c> (the date of all of them: a world must not depend on when somebody copied a file),
/// <c>default-files:</c>, <c>port:</c>, and <c>admit:</c>, the only subnets that it serves.
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
        var port = reader.Number("port", 1, ushort.MaxValue) ?? Port.Http.Number;
        var admits = reader.Subnets("admit");
        reader.RefuseOthers();
        if (DocumentsOf(context, root, pages, modified) is not { } documents)
            return null;
        var options = new ServerOptions { Listen = new(IpAddress.Any6, (ushort)port) };
        options = options with { Waiting = options.Waiting with { Admits = admits } };
        return new WebServer(documents, options, site);
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

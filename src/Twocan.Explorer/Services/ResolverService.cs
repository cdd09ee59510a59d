using Twocan.Core;
using Twocan.Dns;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary><c>resolver:</c> with <c>roots:</c>, the root servers' names and addresses: a name server that asks its way and keeps what it hears.</summary>
internal static class ResolverService
{
    public static IProgram? Create(ServiceContext context)
    {
        var reader = context.Reader("a resolver");
        var roots = new List<RootHint>();
        foreach (var (name, value) in reader.Entries("roots", "a.root-servers.net: 198.41.0.4"))
        {
            if (!DomainName.TryParse(name.Text, out var server))
            {
                context.Error(name, $"'{name.Text}' is not a domain name, such as 'a.root-servers.net'");
                continue;
            }
            foreach (var text in value.Kind == ConfigKind.List ? value.Items : [value])
            {
                if (IpAddress.TryParse(text.Text, out var address))
                    roots.Add(new(server, address));
                else
                    context.Error(text, $"{text} is not an address, such as 198.41.0.4");
            }
        }
        reader.RefuseOthers();
        if (roots.Count > 0)
            return new RecursiveServer(new ResolverSettings(roots));
        if (reader.Optional("roots") is null)
            context.Error(
                context.Key,
                "a resolver begins at the root: write 'roots:' and below it 'a.root-servers.net: 198.41.0.4'"
            );
        return null;
    }
}

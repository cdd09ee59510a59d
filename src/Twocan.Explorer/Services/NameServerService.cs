using Twocan.Dns;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>name-server:</c> with <c>zones:</c>, each by its name: a master file's text in place, or <c>file: PATH</c>.
/// </summary>
internal static class NameServerService
{
    public static IProgram? Create(ServiceContext context)
    {
        var reader = context.Reader("a name server");
        var zones = new List<Zone>();
        var complete = true;
        foreach (var (name, value) in reader.Entries("zones", "example.com: {file: example.zone}"))
        {
            if (ReadZone(context, name, value) is { } zone)
                zones.Add(zone);
            else
                complete = false;
        }
        reader.RefuseOthers();
        if (complete && zones.Count == 0)
            context.Error(
                context.Key,
                "a name server needs a zone: write 'zones:' and below it one such as 'example.com: |'"
            );
        return complete && zones.Count > 0 ? new NameServer(zones) : null;
    }

    private static Zone? ReadZone(ServiceContext context, ConfigNode name, ConfigNode value)
    {
        if (!DomainName.TryParse(name.Text, out var origin))
        {
            context.Error(name, $"'{name.Text}' is not a domain name, such as 'co.kr' or '.'");
            return null;
        }
        var errors = new List<ZoneError>();
        Zone? zone;
        if (value.IsText)
        {
            zone = Zone.Parse(value.Text, origin, context.FileName, errors, value.TextLine, value.TextColumn);
        }
        else
        {
            var reader = context.Reader(value, "a zone");
            var file = reader.Optional("file");
            reader.RefuseOthers();
            if (file is null)
                context.Error(
                    name,
                    $"zone {origin} is empty: write its records after '|', or 'file: PATH' of a master file"
                );
            if (file is null || context.FilePath(file) is not { } path)
                return null;
            zone = Zone.Load(path, origin, errors);
        }
        foreach (var error in errors)
            context.Error(error.File, error.Line, error.Column, error.Message);
        return zone;
    }
}

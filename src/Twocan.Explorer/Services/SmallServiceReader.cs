using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>echo:</c>, <c>discard:</c>, <c>chargen:</c>, <c>daytime:</c>, <c>time:</c>, <c>tcp-sink:</c> with <c>port:</c> and <c>admit:</c> alone;
/// <c>tcp-source:</c> also with <c>bytes:</c>; <c>finger:</c> with <c>users:</c>; <c>whois:</c> with <c>records:</c>.
/// </summary>
internal static class SmallServiceReader
{
    public static ServiceCatalog AddTo(ServiceCatalog catalog)
    {
        foreach (var service in SmallServices.All)
            catalog.Add(service.Name, context => Create(context, service));
        return catalog.Add("finger", CreateFinger).Add("whois", CreateWhois);
    }

    private static SmallServer Create(ServiceContext context, SmallService service)
    {
        var reader = context.Reader($"the {service.Name} service");
        if (service.Name == MeasuringServices.Source().Name)
            service = MeasuringServices.Source(reader.Size("bytes"));
        return Serve(reader, service);
    }

    private static SmallServer? CreateFinger(ServiceContext context)
    {
        var reader = context.Reader("a finger server");
        var users = new List<FingerUser>();
        foreach (var (login, about) in reader.Entries("users", "hong: Hong Gildong"))
        {
            if (about.IsText)
            {
                users.Add(new(login.Text, about.Text));
                continue;
            }
            var person = context.Reader(about, "a user");
            users.Add(new(login.Text, person.Text("name") ?? login.Text, person.Text("plan")));
            person.RefuseOthers();
        }
        if (users.Count == 0)
            context.Error(
                context.Key,
                "a finger server tells of its users: write 'users:' and below it one such as 'hong: Hong Gildong'"
            );
        var server = Serve(reader, FingerService.For(users));
        return users.Count > 0 ? server : null;
    }

    private static SmallServer? CreateWhois(ServiceContext context)
    {
        var reader = context.Reader("a whois server");
        var records = new List<KeyValuePair<string, string>>();
        var complete = true;
        foreach (var (name, text) in reader.Entries("records", "example.com: Example, Inc."))
        {
            if (text.IsText)
                records.Add(new(name.Text, text.Text));
            else
                context.Error(text, $"a record's text stands behind its name, after '|', not {text}");
            complete &= text.IsText;
        }
        if (complete && records.Count == 0)
            context.Error(
                context.Key,
                "a whois server tells of domains and addresses: write 'records:' and below it one such as 'example.com: |'"
            );
        var server = Serve(reader, WhoisService.For(records));
        return records.Count > 0 ? server : null;
    }

    /// <summary>The port, and who is let in, are everybody's last lines.</summary>
    private static SmallServer Serve(ConfigReader reader, SmallService service)
    {
        var port = reader.Number("port", 1, ushort.MaxValue) ?? service.Port.Number;
        var admits = reader.Subnets("admit");
        reader.RefuseOthers();
        return new(service, new Endpoint(IpAddress.Any6, (ushort)port)) { Admits = admits };
    }
}

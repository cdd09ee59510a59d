using System.Globalization;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Proxy;

/// <summary>Looks whether a request is one for a proxy, and lets a <see cref="CacheExchange"/> carry it out.</summary>
internal sealed class ProxyHandler(INetwork network, WebClient client, ICacheStore store, ProxyOptions options)
    : IRequestHandler
{
    public INetwork Network => network;

    public WebClient Client => client;

    public ICacheStore Store => store;

    public ProxyOptions Options => options;

    public string Name { get; } = options.Name ?? network.Name;

    /// <summary>What is being fetched for somebody now, by URL.</summary>
    public Fetchings Fetchings { get; } = new(network);

    public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
    {
        var head = request.Head;
        if (head.Method == Methods.Connect)
            return await new Tunnel(this, request).OpenAsync(stop);
        if (head.Form != TargetForm.Absolute)
            return Refuse(
                request,
                400,
                "This is a proxy: ask it for a whole URL, such as GET http://www.lab.cyber.co.kr/"
            );
        if (!Url.TryParse(head.Target, null, out var url, out var why))
            return Refuse(request, 400, $"This is no URL: {why}");
        if (url.Scheme != "http")
            return Refuse(
                request,
                501,
                $"This proxy speaks no {url.Scheme}: it carries http, and makes tunnels (CONNECT) for the rest."
            );
        if (head.Fields.ListOf("Via").Any(IsMe))
            return Refuse(request, 508, "This request has been here before (Via): it runs in a circle.");

        var fields = HopByHop.Without(head.Fields);
        if (head.Method is Methods.Options or Methods.Trace && fields["Max-Forwards"] is { } left)
        {
            // RFC 9110 §7.6.2: whoever it reaches with none left answers in the origin's place.
            if (CacheControl.Seconds(left) is not { } hops)
                return Refuse(request, 400, "Max-Forwards is not a number.");
            if (hops == 0)
                return AnswerAsLast(request);
            fields.Set("Max-Forwards", (hops - 1).ToString(CultureInfo.InvariantCulture));
        }
        // RFC 9112 §3.2.2: the host is the target's, whatever Host says. Nor does a user in the URL go any further.
        fields.Remove("Host");
        url = Url.Parse(url.AbsoluteForm);
        return await new CacheExchange(this, request, url, fields).RunAsync(stop);
    }

    /// <summary>An answer of the proxy's own, with the event that tells it.</summary>
    public Answer Fail(string url, int status, string why, string? error, EventId because)
    {
        var fields = new Fields().Add("Cache-Control", "no-store").Add("Via", $"1.1 {Name}");
        if (error is not null)
            fields.Add("Proxy-Status", $"{CacheStatus.Item(Name)}; error={error}");
        var told = network.Journal?.Tell(new ProxyFailed(url, status, why), because) ?? because;
        var page = Answer.Page(status, why, fields);
        return new(page.Status, page.Fields)
        {
            Body = page.Body,
            BodyLength = page.BodyLength,
            Because = told,
        };
    }

    public Answer Refuse(ServerRequest request, int status, string why) =>
        Fail(request.Head.Target, status, why, null, request.Because);

    private Answer AnswerAsLast(ServerRequest request) =>
        request.Head.Method == Methods.Options
            ? new(200, new Fields().Add("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH"))
            : Refuse(request, 405, "TRACE is not answered here: it would tell what the request carries.");

    private bool IsMe(string via)
    {
        var parts = via.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 2 && parts[1].Equals(Name, StringComparison.OrdinalIgnoreCase);
    }
}

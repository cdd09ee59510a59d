using System.Globalization;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// A place within a site that another server answers for: the request goes on to it, and its answer comes back. The other server is
/// told whose request it is (X-Forwarded-For and its like, for what a client says of itself there is not believed).
/// <para>
/// Bodies go through in both directions piece by piece, each as fast as the slower side takes it; nothing is gathered. A client that
/// waits for '100 Continue' waits for the other server's: that one may refuse by the head alone. It may also answer before it has
/// heard all; then the rest of the request goes on while the answer comes, and ends with it.
/// </para>
/// </summary>
/// <param name="client">Follows no redirects and adds nothing of its own.</param>
/// <param name="prefix">The path that the place begins at; it is taken off.</param>
/// <param name="target">Where the rest of the path is put behind.</param>
public sealed class ReverseRoute(WebClient client, string prefix, Url target, string name) : IRequestHandler
{
    public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
    {
        var head = request.Head;
        if (head.Method is Methods.Connect or Methods.Trace)
            return Answer.Page(
                405,
                $"{head.Method} is not for this place.",
                new Fields().Add("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH")
            );
        if (!RequestPath.TryParse(head.Target, out var path))
            return Answer.Page(400, "The path does not lead to a place within this site.");
        if (head.Fields.ListOf("Via").Any(via => via.EndsWith($" {name}", StringComparison.OrdinalIgnoreCase)))
            return Answer.Page(508, "This request has been here before (Via): it runs in a circle.");
        var rest = path.Written[Math.Min(prefix.TrimEnd('/').Length, path.Written.Length)..];
        var whole =
            target.Href.TrimEnd('/')
            + (rest.StartsWith('/') ? rest : "/" + rest)
            + (path.Query is null ? "" : "?" + path.Query);
        if (!Url.TryParse(whole, out var url))
            return Answer.Page(400, "The path does not lead anywhere there.");
        var interims = new Interims(request, client.Network.Loop);
        var onward = new ClientRequest(url)
        {
            Method = head.Method,
            Fields = Onward(request),
            Body = request.BodyToPassOn(),
            ExpectsContinue = head.ExpectsContinue,
            Watcher = interims,
        };
        try
        {
            var response = await client.SendAsync(onward, request.Because, stop);
            await interims.PassedAsync();
            return Back(response);
        }
        catch (FetchFailedException failure)
        {
            return Answer.Page(
                failure.GatewayStatus,
                $"The server behind this one does not answer: {failure.Why}.",
                new Fields().Add("Cache-Control", "no-store")
            );
        }
    }

    private Fields Onward(ServerRequest request)
    {
        var fields = HopByHop.Without(request.Head.Fields);
        var host = fields["Host"];
        foreach (
            var one in (ReadOnlySpan<string>)
                [
                    "Host",
                    "Content-Length",
                    "Expect",
                    "X-Forwarded-For",
                    "X-Forwarded-Proto",
                    "X-Forwarded-Host",
                    "Forwarded",
                ]
        )
            fields.Remove(one);
        fields.Add("X-Forwarded-For", request.Remote.Address.ToString());
        fields.Add("X-Forwarded-Proto", request.IsSecure ? "https" : "http");
        if (host is not null)
            fields.Add("X-Forwarded-Host", host);
        return AddVia(fields, request.Head.Version);
    }

    private Answer Back(ClientResponse response)
    {
        var fields = AddVia(HopByHop.Without(response.Fields), response.Head.Version);
        // What the other server calls itself is not what it is called from here.
        if (
            fields["Location"] is { } location
            && location.StartsWith(target.Href.TrimEnd('/'), StringComparison.Ordinal)
        )
            fields.Set("Location", prefix.TrimEnd('/') + location[target.Href.TrimEnd('/').Length..]);
        return new(response.Status, fields)
        {
            Reason = response.Head.Reason,
            Body = response.Body,
            BodyLength = LengthOf(response),
            Because = response.Because,
        };
    }

    private static long? LengthOf(ClientResponse response) =>
        response.Fields["Content-Length"] is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;

    private Fields AddVia(Fields fields, HttpVersion version)
    {
        var via = fields.Joined("Via");
        return fields.Set("Via", (via is null ? "" : via + ", ") + $"{version.Major}.{version.Minor} {name}");
    }
}

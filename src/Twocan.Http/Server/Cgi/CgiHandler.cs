using System.Globalization;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>How programs are run.</summary>
public sealed record CgiOptions
{
    /// <summary>The path that the programs stand behind, such as <c>/cgi-bin</c>.</summary>
    public string Prefix { get; init; } = "/cgi-bin";

    /// <summary>For so long a program may say nothing before it is ended: 504 where it has not answered yet.</summary>
    public Duration Timeout { get; init; } = Duration.FromSeconds(30);

    /// <summary>What the server calls itself.</summary>
    public string Software { get; init; } = "Twocan/0.1";

    /// <summary>Bodies whose length is not known beforehand are gathered first, since a program is told it: up to so much.</summary>
    public int MostGathered { get; init; } = 1 << 20;

    /// <summary>The documents beside it, as the machine's file system names them; null where they are no such files.</summary>
    public string? DocumentRoot { get; init; }
}

/// <summary>
/// Answers with what programs write: CGI/1.1 (RFC 3875). The request goes into variables and the program's input, its output
/// begins with a few fields and goes out as it comes.
/// </summary>
public sealed class CgiHandler(INetwork network, ICgiPrograms programs, CgiOptions options) : IRequestHandler
{
    private const int MostLocalRedirects = 10;

    /// <summary>Who follows a program's local redirect: the site that the program belongs to.</summary>
    public IRequestHandler? Site { get; set; }

    public bool ForgetsRequests => true;

    public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
    {
        if (!Methods.IsKnown(request.Head.Method))
            return Answer.Page(501, $"The method {request.Head.Method} is not known here.");
        if (request.Head.Method is Methods.Trace or Methods.Connect)
            return Answer.Page(
                405,
                $"{request.Head.Method} is not for programs.",
                new Fields().Add("Allow", "GET, HEAD, POST, OPTIONS, PUT, DELETE, PATCH")
            );
        if (!RequestPath.TryParse(request.Head.Target, out var path))
            return Answer.Page(400, "The path does not lead to a place within this site.");
        var prefix = options.Prefix.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IReadOnlyList<string> rest = [.. path.Parts.Skip(prefix.Length)];
        if (programs.Find(rest, out var used) is not { } program)
            return Answer.Page(404, "There is no such program here.");
        var body = request.TakeBody();
        var length = request.Framing.Kind == FramingKind.Length ? request.Framing.Length : 0;
        if (request.Framing.Kind == FramingKind.Chunked)
        {
            if (await GatherAsync(request.Body, stop) is not { } gathered)
                return Answer.Page(
                    411,
                    "A program has to be told how long the body is, and this one is too long to be gathered first."
                );
            (body, length) = (gathered, gathered.Length);
        }
        var script = "/" + string.Join('/', path.Parts.Take(prefix.Length + used));
        var extra =
            string.Concat(rest.Skip(used).Select(part => "/" + part))
            + (path.EndsInSlash && rest.Count > used ? "/" : "");
        var variables = CgiVariables.Of(request, path, script, extra, length, options);
        Stream output;
        try
        {
            output = await program.StartAsync(new(variables, body), stop);
        }
        catch (IOException failure)
        {
            return Answer.Page(500, failure.Message);
        }
        return await AnswerWithAsync(request, output, stop);
    }

    private async ValueTask<Answer> AnswerWithAsync(ServerRequest request, Stream output, CancellationToken stop)
    {
        var content = new CgiOutput(network, output, options.Timeout);
        Answer? answer = null;
        try
        {
            var head = await content.ReadHeadAsync(stop);
            if (content.IsTimeOver)
                return Answer.Page(504, "The program has taken too long.");
            if (head is null)
                return Answer.Page(502, "What the program has said is not an answer.");
            if (head.IsLocalRedirect && Site is not null)
                return await FollowAsync(request, head.Location!, stop);
            var status = head.Status ?? (head.Location is null ? 200 : 302);
            return answer = new(status, head.Fields) { Reason = head.Reason, Body = content };
        }
        finally
        {
            if (answer is null)
                content.Dispose();
        }
    }

    /// <summary>§6.2.2: as if the client had asked for it itself, with GET.</summary>
    private async ValueTask<Answer> FollowAsync(ServerRequest request, string location, CancellationToken stop)
    {
        if (
            request.LocalRedirects == MostLocalRedirects
            || !Grammar.IsTarget(System.Text.Encoding.UTF8.GetBytes(location))
        )
            return Answer.Page(502, "The program leads nowhere.");
        var fields = request.Head.Fields.Clone();
        foreach (var name in (ReadOnlySpan<string>)["Content-Length", "Transfer-Encoding", "Content-Type", "Expect"])
            fields.Remove(name);
        var head = new RequestHead(Methods.Get, location, request.Head.Version, fields);
        return await Site!.AnswerAsync(request.Redirected(head), stop);
    }

    /// <summary>Null when it is too long.</summary>
    private async ValueTask<MemoryStream?> GatherAsync(Stream body, CancellationToken stop)
    {
        var gathered = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await body.ReadAsync(piece, stop) is > 0 and var length)
        {
            if (gathered.Length + length > options.MostGathered)
                return null;
            gathered.Write(piece, 0, length);
        }
        gathered.Position = 0;
        return gathered;
    }
}

/// <summary>The meta-variables of RFC 3875 §4.1.</summary>
internal static class CgiVariables
{
    /// <summary>What stands in a variable of its own, is about the connection, or is not a program's business: credentials; and Proxy, which many programs would take for HTTP_PROXY.</summary>
    private static readonly string[] s_notPassed =
    [
        "Content-Length",
        "Content-Type",
        "Authorization",
        "Proxy-Authorization",
        "Proxy",
        "Connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        ServerRequest request,
        RequestPath path,
        string script,
        string extra,
        long length,
        CgiOptions options
    )
    {
        var head = request.Head;
        var variables = new List<KeyValuePair<string, string>>
        {
            new("GATEWAY_INTERFACE", "CGI/1.1"),
            new("SERVER_SOFTWARE", options.Software),
            new("SERVER_PROTOCOL", head.Version.ToString()),
            new("SERVER_NAME", NameOf(head.Fields["Host"] ?? request.Local.Address.ToString())),
            new("SERVER_PORT", request.Local.Port.Number.ToString(CultureInfo.InvariantCulture)),
            new("REQUEST_METHOD", head.Method),
            new("SCRIPT_NAME", script),
            new("QUERY_STRING", path.Query ?? ""),
            new("REMOTE_ADDR", request.Remote.Address.ToString()),
            new("REMOTE_PORT", request.Remote.Port.Number.ToString(CultureInfo.InvariantCulture)),
            new("REQUEST_URI", head.Target),
        };
        if (extra.Length > 0)
        {
            variables.Add(new("PATH_INFO", extra));
            if (options.DocumentRoot is { } root)
                variables.Add(new("PATH_TRANSLATED", root.TrimEnd('/') + extra));
        }
        if (request.IsSecure)
            variables.Add(new("HTTPS", "on"));
        if (length > 0 || head.Fields.Contains("Content-Length"))
            variables.Add(new("CONTENT_LENGTH", length.ToString(CultureInfo.InvariantCulture)));
        if (head.Fields["Content-Type"] is { } type)
            variables.Add(new("CONTENT_TYPE", type));
        AddFields(variables, head.Fields);
        return variables;
    }

    private static void AddFields(List<KeyValuePair<string, string>> variables, Fields fields)
    {
        foreach (var field in fields)
        {
            var name = field.Name;
            // X_Y and X-Y would be one variable: the first kind is only ever sent to forge the second.
            if (
                s_notPassed.Contains(name, StringComparer.OrdinalIgnoreCase)
                || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            )
                continue;
            var variable = "HTTP_" + name.ToUpperInvariant().Replace('-', '_');
            var known = variables.FindIndex(one => one.Key == variable);
            var separator = name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ", ";
            if (known < 0)
                variables.Add(new(variable, field.Value));
            else
                variables[known] = new(variable, variables[known].Value + separator + field.Value);
        }
    }

    private static string NameOf(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? host[..colon] : host;
    }
}

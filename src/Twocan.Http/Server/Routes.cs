using Twocan.Core;

namespace Twocan.Http;

/// <summary>A place within a site that is answered by somebody else than its files.</summary>
/// <param name="Prefix">The path that it begins at, such as <c>/cgi-bin</c>, with all below it.</param>
public sealed record Route(string Prefix, IRequestHandler Handler);

/// <summary>A site: its files, and the places in it that programs or other servers answer for. The longest prefix decides.</summary>
public sealed class Routes : IRequestHandler
{
    private readonly IRequestHandler _files;
    private readonly List<(string[] Parts, IRequestHandler Handler)> _routes;

    public Routes(IRequestHandler files, IEnumerable<Route> routes)
    {
        _files = files;
        _routes =
        [
            .. routes
                .Select(route => (route.Prefix.Split('/', StringSplitOptions.RemoveEmptyEntries), route.Handler))
                .OrderByDescending(route => route.Item1.Length),
        ];
    }

    public bool ForgetsRequests => _files.ForgetsRequests && _routes.All(route => route.Handler.ForgetsRequests);

    /// <summary>
    /// Only for a target that is written in the plainest way: one with dots or escapes in it may lead elsewhere than it seems
    /// to, and into a place that is no file's.
    /// </summary>
    public ReadyAnswer? FindReady(RequestHead head, Instant now)
    {
        var target = head.TargetBytes;
        return _routes.Count == 0 || (IsPlain(target) && Find(head.Target) is null)
            ? _files.FindReady(head, now)
            : null;
    }

    public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
        (Find(request.Head.Target) ?? _files).AnswerAsync(request, stop);

    private static bool IsPlain(ReadOnlySpan<byte> target) =>
        !target.Contains((byte)'%') && target.IndexOf("/."u8) < 0 && target.IndexOf("//"u8) < 0;

    private IRequestHandler? Find(string target)
    {
        if (_routes.Count == 0 || target == "*" || !RequestPath.TryParse(target, out var path))
            return null;
        foreach (var (parts, handler) in _routes)
        {
            if (path.Parts.Count >= parts.Length && path.Parts.Take(parts.Length).SequenceEqual(parts))
                return handler;
        }
        return null;
    }
}

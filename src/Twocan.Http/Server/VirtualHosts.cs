using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>Several sites at one address, told apart by the Host field (RFC 9110 §7.2); who names none of them gets the first.</summary>
public sealed class VirtualHosts(IRequestHandler first, IReadOnlyDictionary<string, IRequestHandler> others)
    : IRequestHandler
{
    private readonly List<(string Name, IRequestHandler Site)> _others =
    [
        .. others.Select(pair => (pair.Key.TrimEnd('.'), pair.Value)),
    ];

    public bool ForgetsRequests => first.ForgetsRequests && _others.All(other => other.Site.ForgetsRequests);

    public ReadyAnswer? FindReady(RequestHead head, Instant now) => Of(head).FindReady(head, now);

    public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
        Of(request.Head).AnswerAsync(request, stop);

    private IRequestHandler Of(RequestHead head)
    {
        var index = head.Fields.IndexOf("Host");
        if (index < 0)
            return first;
        var host = head.Fields[index].ValueBytes;
        var colon = host.LastIndexOf((byte)':');
        if (colon > host.LastIndexOf((byte)']'))
            host = host[..colon];
        if (host.EndsWith("."u8))
            host = host[..^1];
        foreach (var (name, site) in _others)
        {
            if (Ascii.EqualsIgnoreCase(host, name))
                return site;
        }
        return first;
    }
}

using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>A name server (DNS 서버): answers for its zones on port 53.</summary>
public sealed class NameServer(IReadOnlyList<Zone> zones) : IProgram
{
    private readonly Authority _authority = new(zones);

    public string Name => "name server";

    public IReadOnlyList<Zone> Zones => zones;

    public Task RunAsync(INetwork network, CancellationToken stop) =>
        new DnsService(network, Name, (request, _) => ValueTask.FromResult(Answer(network, request))).RunAsync(stop);

    private DnsReply Answer(INetwork network, in DnsRequest request)
    {
        var (response, kind) = _authority.Answer(request.Query);
        var told = network.Journal?.Tell(QueryAnswered.From(request.Client, response, kind), request.Because);
        return new(response, told ?? request.Because);
    }
}

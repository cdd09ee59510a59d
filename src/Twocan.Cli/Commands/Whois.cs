using System.CommandLine;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>whois</c>: to whom does a domain, or an address, belong?</summary>
internal sealed class Whois : ProgramVerb
{
    private const string DefaultServer = "whois.kr";

    private readonly Argument<string> _what = new("NAME") { Description = "A domain, or an address" };

    private readonly Option<string?> _server = new("--server", "-H")
    {
        Description = "Whom to ask (default: whois.kr; with --on-host whois.iana.org, which names the next to ask)",
        HelpName = "HOST",
    };

    private readonly Option<ushort> _port = new("--port", "-p")
    {
        Description = "The server's port (default 43)",
        HelpName = "PORT",
        DefaultValueFactory = _ => WhoisService.Port.Number,
    };

    private readonly AddressFamily _family;

    public Whois()
        : base(
            "whois",
            "Ask to whom a domain or an address belongs (RFC 3912)",
            "twocan whois cyber.co.kr",
            "twocan whois 192.0.2.226"
        )
    {
        Arguments.Add(_what);
        Options.Add(_server);
        Options.Add(_port);
        _family = AddressFamily.AddTo(this);
    }

    public override HostProgram Prepare(Invocation call)
    {
        var server = call.Get(_server) ?? (call.OnHost ? "whois.iana.org" : DefaultServer);
        var (what, port, family) = (
            call.Get(_what),
            call.GetWithin<ushort>(_port, 1, ushort.MaxValue),
            _family.Of(call)
        );
        return (session, stop) => LineClientVerb.AskAsync(call, session, (server, new Port(port)), what, family, stop);
    }
}

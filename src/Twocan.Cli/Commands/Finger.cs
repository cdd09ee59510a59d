using System.CommandLine;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>finger</c>: who is on a host, and what do they want to be known of them?</summary>
internal sealed class Finger : ProgramVerb
{
    private readonly Argument<string> _who = new("[USER]@HOST")
    {
        Description = "Somebody on a host, or all there are",
    };

    private readonly AddressFamily _family;

    public Finger()
        : base(
            "finger",
            "Ask a host about its users (RFC 1288)",
            "twocan finger @mail.cyber.co.kr",
            "twocan finger hong@mail.cyber.co.kr"
        )
    {
        Arguments.Add(_who);
        _family = AddressFamily.AddTo(this);
    }

    public override HostProgram Prepare(Invocation call)
    {
        var (who, family) = (call.Get(_who), _family.Of(call));
        // The last host is asked, and told of those before it: it may pass the question on (§2.4).
        var at = who.LastIndexOf('@');
        if (at < 0 || at == who.Length - 1)
            throw new WrongUsageException(
                $"'{who}' names no host: write {who.TrimEnd('@')}@mail.cyber.co.kr, or @mail.cyber.co.kr"
            );
        return (session, stop) =>
            LineClientVerb.AskAsync(call, session, (who[(at + 1)..], FingerService.Port), who[..at], family, stop);
    }
}

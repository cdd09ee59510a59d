using System.CommandLine;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary>The options <c>-4</c> and <c>-6</c>, for every verb that takes a name and needs one address of it.</summary>
internal sealed class AddressFamily
{
    private readonly Option<bool> _v4 = new("--ipv4", "-4") { Description = "Use IPv4 only" };

    private readonly Option<bool> _v6 = new("--ipv6", "-6") { Description = "Use IPv6 only" };

    public static AddressFamily AddTo(Verb verb)
    {
        var family = new AddressFamily();
        verb.Options.Add(family._v4);
        verb.Options.Add(family._v6);
        return family;
    }

    /// <summary>The only family that is wanted; null leaves it to the host.</summary>
    public IpFamily? Of(Invocation call) =>
        (call.Get(_v4), call.Get(_v6)) switch
        {
            (true, true) => throw new WrongUsageException("-4 and -6 leave no address: say one of them"),
            (true, _) => IpFamily.V4,
            (_, true) => IpFamily.V6,
            _ => null,
        };
}

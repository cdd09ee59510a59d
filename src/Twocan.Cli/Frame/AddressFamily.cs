using System.CommandLine;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary>The options <c>-4</c> and <c>-6</c>, for every verb that takes a name and needs one address of it.</summary>
internal sealed class AddressFamily
{
    private readonly Option<bool> _v4 = new("--ipv4", "-4") { Description = "Use an IPv4 address of the name" };

    private readonly Option<bool> _v6 = new("--ipv6", "-6") { Description = "Use an IPv6 address of the name" };

    public static AddressFamily AddTo(Verb verb)
    {
        var family = new AddressFamily();
        verb.Options.Add(family._v4);
        verb.Options.Add(family._v6);
        return family;
    }

    /// <summary>Which of a name's addresses are meant, and what they are called.</summary>
    public FamilyChoice Of(Invocation call) =>
        (call.Get(_v4), call.Get(_v6)) switch
        {
            (true, true) => throw new WrongUsageException("-4 and -6 leave no address: say one of them"),
            (true, _) => FamilyChoice.V4,
            (_, true) => FamilyChoice.V6,
            _ => FamilyChoice.Any,
        };
}

internal enum FamilyChoice
{
    Any,
    V4,
    V6,
}

internal static class FamilyChoices
{
    public static bool Allows(this FamilyChoice choice, IpAddress address) =>
        choice == FamilyChoice.Any || address.IsV4 == (choice == FamilyChoice.V4);

    public static string Name(this FamilyChoice choice) => choice == FamilyChoice.V6 ? "IPv6" : "IPv4";
}

using System.CommandLine;

namespace Twocan.Cli;

/// <summary>The command itself, before any verb.</summary>
internal sealed class RootVerb()
    : Command("twocan", "A whole internet in C#: everything between a URL and the electric signal.");

/// <summary>Every verb there is; a new one is a file in Commands/ and a line here.</summary>
internal static class Verbs
{
    public static Command Root()
    {
        var root = new RootVerb { new Shell(), new Attach() };
        AddTo(root);
        root.Options.Add(CommonOptions.Version);
        return root;
    }

    /// <summary>All that can be said on the command line and in a shell alike.</summary>
    public static void AddTo(Command root)
    {
        foreach (
            var verb in (Command[])
                [
                    new Explore(),
                    new Browse(),
                    new Ping(),
                    new Traceroute(),
                    new Dig(),
                    new UrlExplain(),
                    new Fetch(),
                    new Nc(),
                    new Netstat(),
                    new Nettop(),
                    new Scan(),
                    new Finger(),
                    new Whois(),
                    new Serve(),
                    new ArpCache(),
                    new Routes(),
                    new Ifconfig(),
                    new Dhcp(),
                    new NatTables(),
                    new SwitchTables(),
                    new Drill(),
                    new CaptureCables(),
                    new JournalFollower(),
                    new VerbGroup("ip", "About IP addresses", new IpExplain()),
                    new VerbGroup(
                        "world",
                        "About worlds and their files",
                        new WorldCheck(),
                        new WorldShow(),
                        new WorldGraph(),
                        new WorldGenerate()
                    ),
                ]
        )
            root.Subcommands.Add(verb);
        foreach (var option in CommonOptions.All)
            root.Options.Add(option);
    }
}

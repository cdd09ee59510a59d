using System.CommandLine;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary>The options that every verb takes.</summary>
internal static class CommonOptions
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Answer in JSON, for programs",
        Recursive = true,
    };

    public static readonly Option<string?> World = new("--world")
    {
        Description = "The world to be in (default: the one that ships, cyber.yaml; internet:1000 is made up)",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<string> Host = new("--host")
    {
        Description = "Who I am in the world (default: pc, else the first host)",
        HelpName = "NAME",
        DefaultValueFactory = _ => "pc",
        Recursive = true,
    };

    public static readonly Option<bool> OnHost = new("--on-host")
    {
        Description = "Use this machine's own network in place of a world",
        Recursive = true,
    };

    public static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Where all chance comes from: same seed, same bytes",
        HelpName = "N",
        Recursive = true,
    };

    public static readonly Option<string?> Capture = new("--capture")
    {
        Description = "Write what crosses the cables to a file that Wireshark opens",
        HelpName = "FILE.pcapng",
        Recursive = true,
    };

    public static readonly Option<string?> Lang = new("--lang")
    {
        Description = "Language of the answer (default: English; Korean where the locale is)",
        HelpName = "en|ko",
        Recursive = true,
    };

    public static readonly Option<bool> Help = new("--help", "-h", "-?")
    {
        Description = "Show help, with an example",
        Recursive = true,
    };

    public static readonly Option<bool> Version = new("--version") { Description = "Show the version" };

    public static readonly IReadOnlyList<Option> All = [Json, World, Host, OnHost, Seed, Capture, Lang, Help];

    /// <summary>
    /// What <c>--lang</c> says, else the locale's language; but a program that reads JSON gets the same bytes on every machine.
    /// </summary>
    public static Language LanguageOf(string? lang, bool json) =>
        lang switch
        {
            "ko" => Language.Korean,
            "en" => Language.English,
            _ when !json && Locale().StartsWith("ko", StringComparison.Ordinal) => Language.Korean,
            _ => Language.English,
        };

    // POSIX: the first of these that is set and not empty decides.
    private static string Locale() =>
        new[] { "LC_ALL", "LC_MESSAGES", "LANG" }
            .Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value))
        ?? "";
}

using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>drill</c>: packetdrill's scripts against our stack, in virtual time.</summary>
internal sealed class Drill : Verb
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Scripts (.pkt), or directories of scripts",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Show the time line as it happens: what was sent, what arrived, what was called",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description =
            "An option of the language that goes before the script's own: ip_version=ipv6, mtu=1400, tolerance_usecs=10000",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string[]> _define = new("--define", "-D")
    {
        Description = "What a name in the scripts stands for, as packetdrill's -D: TFO_COOKIE=3021b9d889017eeb",
        HelpName = "NAME=VALUE",
    };

    public Drill()
        : base(
            "drill",
            "Run packetdrill scripts, time lines of system calls and packets, against our protocol stack in virtual time",
            $"twocan drill {Example}",
            $"twocan drill {Example} -v",
            $"twocan drill {Example} --set ip_version=ipv6 --set mtu=1520"
        )
    {
        Arguments.Add(_files);
        Options.Add(_verbose);
        Options.Add(_set);
        Options.Add(_define);
    }

    /// <summary>A script that ships with the command.</summary>
    public const string Example = "handshake";

    public override int Run(Invocation call)
    {
        var options = (call.Get(_set) ?? []).Select(Option).ToList();
        options.AddRange((call.Get(_define) ?? []).Select(one => new DrillOption(0, "define", one)));
        var files = call.Get(_files).SelectMany(Scripts).ToList();
        var reports = new List<DrillReport>();
        foreach (var file in files)
        {
            var report = DrillRunner.Run(file, Read(file), options, Trace(call, file));
            reports.Add(report);
            Tell(call, report);
        }
        if (!call.Json && files.Count > 1)
            call.Terminal.Line(Sum(call, reports));
        return reports.Exists(report => report.IsWrong) ? Exit.Wrong
            : reports.TrueForAll(report => report.IsOk) ? Exit.Done
            : Exit.No;
    }

    private Action<string>? Trace(Invocation call, string file) =>
        call.Get(_verbose) && !call.Json ? line => call.Terminal.Line($"{file}: {line}") : null;

    private static void Tell(Invocation call, DrillReport report)
    {
        if (call.Json)
            call.Terminal.JsonLine(
                new DrillAnswer(report.File, report.IsOk, report.Line, report.Error),
                DrillJson.Default.DrillAnswer
            );
        else if (report.IsOk)
            call.Terminal.Line($"{report.File}: ok");
        else
            call.Terminal.Note($"{report.File}:{report.Line}: {report.Error}");
    }

    private static string Sum(Invocation call, List<DrillReport> reports)
    {
        var (held, wrong) = (reports.Count(report => report.IsOk), reports.Count(report => report.IsWrong));
        return call.Terminal.Say(
            $"{held} of {reports.Count} scripts hold, {reports.Count - held - wrong} fail, {wrong} could not be run",
            $"스크립트 {reports.Count}개 가운데 {held}개가 통과하고 {reports.Count - held - wrong}개가 실패했으며 {wrong}개는 실행하지 못했습니다"
        );
    }

    private static DrillOption Option(string text) =>
        text.TrimStart('-').Split('=', 2) is [{ Length: > 0 } name, var value]
            ? new(0, name, value)
            : throw new WrongUsageException($"--set is NAME=VALUE, not '{text}'");

    /// <summary>A directory stands for the scripts in it, in the order of their names.</summary>
    private static IEnumerable<string> Scripts(string name) =>
        Directory.Exists(name)
            ? Directory
                .EnumerateFiles(name, "*.pkt", SearchOption.AllDirectories)
                .OrderBy(file => file, StringComparer.Ordinal)
            : [name];

    private static string Read(string file)
    {
        try
        {
            return file == Example && !File.Exists(file) ? DrillExample.Text : File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"cannot read {file}: {failure.Message}");
        }
    }
}

/// <summary>One line of <c>drill --json</c>.</summary>
internal sealed record DrillAnswer(string File, bool Ok, int? Line, string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DrillAnswer))]
internal sealed partial class DrillJson : JsonSerializerContext;

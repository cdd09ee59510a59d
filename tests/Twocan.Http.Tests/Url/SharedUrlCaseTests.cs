using System.Text.Json;

namespace Twocan.Http.Tests;

/// <summary>The public cases of the web platform tests, where they are at hand.</summary>
public sealed class SharedUrlCaseTests
{
    [Fact]
    public void Every_public_case_of_http_comes_out_as_the_standard_says()
    {
        var file = FindCases();
        Assert.SkipWhen(file is null, "urltestdata.json is not at hand (TWOCAN_SHARED/data/url)");
        using var cases = JsonDocument.Parse(File.ReadAllText(file!));
        var wrong = new List<string>();
        var right = 0;
        foreach (var one in cases.RootElement.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Object || !IsOurs(one))
                continue;
            if (Check(one) is { } mistake)
                wrong.Add(mistake);
            else
                right++;
        }
        Assert.True(wrong.Count == 0, $"{right} right, {wrong.Count} wrong:\n{string.Join('\n', wrong)}");
        Assert.True(right > 250, $"only {right} cases were found");
    }

    /// <summary>Cases of http and https; those with names beyond ASCII or in Punycode belong to IDNA, which is not there yet.</summary>
    private static bool IsOurs(JsonElement one)
    {
        var (input, relativeTo) = (Text(one, "input")!, Text(one, "base"));
        if (relativeTo is not null && !relativeTo.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            return false;
        var expected = Text(one, "protocol");
        var scheme = input.TrimStart().Split(':')[0].ToLowerInvariant();
        if (
            expected is null
                ? scheme is not ("http" or "https") && relativeTo is null
                : expected is not ("http:" or "https:")
        )
            return false;
        return !NeedsIdna(input, Text(one, "host"));
    }

    private static bool NeedsIdna(string input, string? host)
    {
        var authority = input.Contains("//")
            ? input[(input.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('/')[0]
            : "";
        var decoded = System.Text.Encoding.UTF8.GetString(
            PercentEncoding.Decode(authority[(authority.LastIndexOf('@') + 1)..])
        );
        return decoded.Any(c => c > 0x7F)
            || decoded.Contains("xn--", StringComparison.OrdinalIgnoreCase)
            || (host?.Contains("xn--") ?? false);
    }

    private static string? Check(JsonElement one)
    {
        var (input, relativeTo) = (Text(one, "input")!, Text(one, "base"));
        Url? @base = null;
        if (relativeTo is not null && !Url.TryParse(relativeTo, out @base))
            return Text(one, "href") is null ? null : $"{input}: base {relativeTo} refused";
        var parsed = Url.TryParse(input, @base, out var url, out var why);
        if (one.TryGetProperty("failure", out _))
            return parsed ? $"'{input}' should fail, gave {url!.Href}" : null;
        if (!parsed)
            return $"'{input}': refused: {why}";
        var actual = new Dictionary<string, string>
        {
            ["href"] = url!.Href,
            ["protocol"] = url.Scheme + ":",
            ["username"] = url.Username,
            ["password"] = url.Password,
            ["host"] = url.Authority,
            ["hostname"] = url.Host.Text,
            ["port"] = url.WrittenPort?.ToString() ?? "",
            ["pathname"] = url.Path,
            ["search"] = string.IsNullOrEmpty(url.Query) ? "" : "?" + url.Query,
            ["hash"] = string.IsNullOrEmpty(url.Fragment) ? "" : "#" + url.Fragment,
            ["origin"] = url.Origin,
        };
        foreach (var (part, value) in actual)
        {
            if (Text(one, part) is { } expected && expected != value)
                return $"'{input}': {part} is {value}, should be {expected}";
        }
        return null;
    }

    private static string? Text(JsonElement one, string name) =>
        one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? FindCases()
    {
        var roots = new List<string?> { Environment.GetEnvironmentVariable("TWOCAN_SHARED") };
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Twocan.slnx")))
                roots.Add(Path.Combine(folder.Parent?.FullName ?? "/", "shared"));
        }
        return roots
            .OfType<string>()
            .Select(root => Path.Combine(root, "data", "url", "urltestdata.json"))
            .FirstOrDefault(File.Exists);
    }
}

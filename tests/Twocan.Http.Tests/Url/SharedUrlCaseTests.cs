using System.Text;
using System.Text.Json;

namespace Twocan.Http.Tests;

/// <summary>The public cases of the web platform tests, where they are at hand; they are not ours to publish.</summary>
public sealed class SharedUrlCaseTests
{
    private static readonly string[] Parts =
    [
        "href",
        "protocol",
        "username",
        "password",
        "host",
        "hostname",
        "port",
        "pathname",
        "search",
        "hash",
        "origin",
        "searchParams",
    ];

    [Fact]
    public void Every_public_case_comes_out_as_the_standard_says()
    {
        using var cases = Open("urltestdata.json");
        var wrong = new List<string>();
        var count = 0;
        foreach (
            var one in cases.RootElement.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.Object)
        )
        {
            count++;
            if (Check(one) is { } mistake)
                wrong.Add(mistake);
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} wrong:\n{string.Join('\n', wrong)}");
        Assert.True(count >= 891, $"only {count} cases were found");
    }

    [Fact]
    public void Every_public_case_of_a_setter_comes_out_as_the_standard_says()
    {
        using var cases = Open("setters_tests.json");
        var wrong = new List<string>();
        var count = 0;
        foreach (var setter in cases.RootElement.EnumerateObject().Where(static one => one.Name != "comment"))
        {
            foreach (var one in setter.Value.EnumerateArray())
            {
                count++;
                var before = Url.Parse(Text(one, "href")!);
                var after = Set(before, setter.Name, Text(one, "new_value")!);
                foreach (var part in one.GetProperty("expected").EnumerateObject())
                {
                    if (Get(after, part.Name) is var actual && actual != Text(part.Value))
                        wrong.Add(
                            $"{before.Href} {setter.Name}='{Text(one, "new_value")}': {part.Name} is {actual}, should be {Text(part.Value)}"
                        );
                }
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} wrong:\n{string.Join('\n', wrong)}");
        Assert.True(count >= 278, $"only {count} cases were found");
    }

    private static Url Set(Url url, string part, string value) =>
        part switch
        {
            "href" => url.WithHref(value),
            "protocol" => url.WithProtocol(value),
            "username" => url.WithUsername(value),
            "password" => url.WithPassword(value),
            "host" => url.WithHost(value),
            "hostname" => url.WithHostname(value),
            "port" => url.WithPort(value),
            "pathname" => url.WithPathname(value),
            "search" => url.WithSearch(value),
            _ => url.WithHash(value),
        };

    private static string? Check(JsonElement one)
    {
        var (input, relativeTo) = (Text(one, "input")!, Text(one, "base"));
        Url? @base = null;
        if (relativeTo is not null && !Url.TryParse(relativeTo, out @base))
            return one.TryGetProperty("failure", out _) ? null : $"'{input}': base {relativeTo} refused";
        var parsed = Url.TryParse(input, @base, out var url, out var why);
        if (one.TryGetProperty("failure", out _))
            return parsed ? $"'{input}' should fail, gave {url!.Href}"
                : why.Length == 0 ? $"'{input}' fails without a reason"
                : null;
        if (!parsed)
            return $"'{input}' from {relativeTo}: refused: {why}";
        foreach (var part in Parts)
        {
            if (Text(one, part) is { } expected && Get(url!, part) is var actual && actual != expected)
                return $"'{input}' from {relativeTo}: {part} is {actual}, should be {expected}";
        }
        return null;
    }

    private static string Get(Url url, string part) =>
        part switch
        {
            "href" => url.Href,
            "protocol" => url.Scheme + ":",
            "username" => url.Username,
            "password" => url.Password,
            "host" => url.Authority,
            "hostname" => url.Host.Text,
            "port" => url.WrittenPort?.ToString() ?? "",
            "pathname" => url.Path,
            "search" => string.IsNullOrEmpty(url.Query) ? "" : "?" + url.Query,
            "hash" => string.IsNullOrEmpty(url.Fragment) ? "" : "#" + url.Fragment,
            "searchParams" => url.SearchParams.ToString(),
            _ => url.Origin,
        };

    private static string? Text(JsonElement one, string name) =>
        one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Text(value) : null;

    /// <summary>JSON may hold half a surrogate pair (as \uD800), which the reader's own strings may not.</summary>
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            var text = new StringBuilder(value.GetRawText().Trim('"'));
            for (var i = 0; i + 5 < text.Length; i++)
            {
                if (text[i] != '\\' || text[i + 1] != 'u')
                    continue;
                var unit = Convert.ToUInt16(text.ToString(i + 2, 4), 16);
                text.Remove(i, 6).Insert(i, (char)unit);
            }
            return text.ToString();
        }
    }

    private static JsonDocument Open(string name)
    {
        var file = Find(name);
        Assert.SkipWhen(file is null, $"{name} is not at hand (TWOCAN_SHARED/data/url)");
        return JsonDocument.Parse(File.ReadAllText(file!));
    }

    private static string? Find(string name)
    {
        var roots = new List<string?> { Environment.GetEnvironmentVariable("TWOCAN_SHARED") };
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Twocan.slnx")))
                roots.Add(Path.Combine(folder.Parent?.FullName ?? "/", "shared"));
        }
        return roots
            .OfType<string>()
            .Select(root => Path.Combine(root, "data", "url", name))
            .FirstOrDefault(File.Exists);
    }
}

using Twocan.Http;

namespace Twocan.Proxy.Tests;

/// <summary>Writes requests and stored responses in one line, at times that are seconds after the world began.</summary>
internal static class Exchange
{
    public const string Url = "http://www.lab.cyber.co.kr/sample1.htm";

    public static readonly DateTimeOffset Epoch = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => Epoch.AddSeconds(seconds);

    public static string Date(double seconds) => HttpDate.Format(At(seconds));

    /// <summary><c>Name: value | Name: value</c>; <c>@-3600</c> in a value stands for the date so many seconds from the beginning.</summary>
    public static Fields Fields(string text)
    {
        var fields = new Fields();
        foreach (var line in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':');
            var value = line[(colon + 1)..].Trim();
            if (value is ['@', .. var seconds])
                value = Date(double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));
            fields.Add(line[..colon], value);
        }
        return fields;
    }

    public static CacheRequest Get(string fields = "") => new(Methods.Get, Url, Fields(fields));

    public static ResponseHead Response(int status, string fields) => new(status, Fields(fields));

    /// <summary>A response to GET that was asked for and came at the beginning.</summary>
    public static StoredResponse Stored(
        string fields,
        int status = 200,
        string request = "",
        double requestedAt = 0,
        double receivedAt = 0,
        string url = Url
    )
    {
        var response = Fields(fields);
        return new(
            url,
            status,
            "OK",
            response,
            StoredResponse.Select(response, Fields(request)),
            At(requestedAt),
            At(receivedAt),
            0
        );
    }
}

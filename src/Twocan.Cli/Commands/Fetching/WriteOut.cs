using System.Globalization;
using System.Text;

namespace Twocan.Cli;

/// <summary>curl's <c>-w</c>: a text with <c>%{variables}</c> of what became of a URL. One that is not known stays as it is.</summary>
internal static class WriteOut
{
    public static string Of(string format, FetchReport report, int code)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '\\' && i + 1 < format.Length)
            {
                i++;
                text.Append(
                    format[i] switch
                    {
                        'n' => "\n",
                        'r' => "\r",
                        't' => "\t",
                        var other => $"\\{other}",
                    }
                );
            }
            else if (format.AsSpan(i).StartsWith("%%"))
            {
                text.Append('%');
                i++;
            }
            else if (format.AsSpan(i).StartsWith("%{") && format.IndexOf('}', i) is > 0 and var end)
            {
                var name = format[(i + 2)..end];
                text.Append(Value(name, report, code) ?? format[i..(end + 1)]);
                i = end;
            }
            else
            {
                text.Append(format[i]);
            }
        }
        return text.ToString();
    }

    private static string? Value(string name, FetchReport report, int code) =>
        name switch
        {
            "http_code" or "response_code" => (report.Status ?? 0).ToString("000", CultureInfo.InvariantCulture),
            "http_version" => report.HttpVersion?["HTTP/".Length..] ?? "0",
            "time_namelookup" => Seconds(report.Times?.NameUs),
            "time_connect" => Seconds(report.Times?.ConnectUs),
            "time_appconnect" => Seconds(report.Times?.TlsUs),
            "time_pretransfer" => Seconds(report.Times?.SentUs),
            "time_starttransfer" => Seconds(report.Times?.FirstByteUs),
            "time_total" => Seconds(report.Times?.TotalUs),
            "size_download" => report.BytesReceived.ToString(CultureInfo.InvariantCulture),
            "speed_download" => (report.TotalSeconds > 0 ? report.BytesReceived / report.TotalSeconds : 0).ToString(
                "0",
                CultureInfo.InvariantCulture
            ),
            "url" => report.Url,
            "url_effective" => report.FinalUrl ?? report.Url,
            "num_redirects" => report.Redirects.Count.ToString(CultureInfo.InvariantCulture),
            "remote_ip" => report.Remote?[..report.Remote.LastIndexOf(':')].Trim('[', ']') ?? "",
            "remote_port" => report.Remote?[(report.Remote.LastIndexOf(':') + 1)..] ?? "",
            "content_type" => report
                .Fields.FirstOrDefault(static field =>
                    field.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                )
                ?.Value
                ?? "",
            "method" => report.Method,
            "filename_effective" => report.File ?? "",
            "errormsg" => report.Error ?? "",
            "exitcode" => code.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };

    private static string Seconds(double? microseconds) =>
        ((microseconds ?? 0) / 1e6).ToString("0.000000", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// What a server says of how long it keeps a connection: <c>Keep-Alive: timeout=15, max=99</c>. The field has come down from
/// HTTP/1.0 (RFC 2068 §19.7.1.1); whoever says more than it does risks only that a request is sent twice.
/// </summary>
/// <param name="Timeout">How long it waits for the next request; null when it does not say.</param>
/// <param name="Max">How many more requests it takes; null when it does not say.</param>
public readonly record struct KeepAlive(Duration? Timeout, int? Max)
{
    public static KeepAlive Of(Fields fields)
    {
        var told = default(KeepAlive);
        foreach (var element in fields.ListOf("Keep-Alive"))
        {
            var (name, value) = FieldList.Directive(element);
            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                continue;
            if (name.Equals("timeout", StringComparison.OrdinalIgnoreCase))
                told = told with { Timeout = Duration.FromSeconds(number) };
            else if (name.Equals("max", StringComparison.OrdinalIgnoreCase))
                told = told with { Max = number };
        }
        return told;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"timeout={(long)(Timeout?.TotalSeconds ?? 0)}, max={Max}");
}

namespace Twocan.Dns.Tests;

internal static class Zones
{
    public static Zone Parse(string origin, string text)
    {
        var errors = new List<ZoneError>();
        var zone = Zone.Parse(text, DomainName.Parse(origin), "test.zone", errors);
        Assert.Empty(errors);
        return zone!;
    }

    /// <summary>A response on a line: <c>RCODE aa | answers | authorities | additionals</c>; of a SOA only its TTL where it is negative.</summary>
    public static string Say(DnsMessage response)
    {
        var flags = response.IsAuthoritative ? " aa" : "";
        var answers = string.Concat(
            response.Answers.Select(record => record.Type == RecordType.SOA ? " SOA" : $" {record.Data}")
        );
        var authorities = string.Concat(
            response.Authorities.Select(record =>
                record.Type == RecordType.SOA ? $" SOA {record.Ttl}" : $" {record.Data}"
            )
        );
        var additionals = string.Concat(response.Additionals.Select(record => $" {record.Data}"));
        return $"{response.Rcode.ToMnemonic()}{flags} |{answers} |{authorities} |{additionals}";
    }
}

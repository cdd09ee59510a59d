namespace Twocan.Dns;

/// <summary>A response in a few words: what a person would want to know of it first.</summary>
internal static class AnswerText
{
    public static string Of(DnsMessage response, AnswerKind kind) =>
        kind switch
        {
            AnswerKind.Answer or AnswerKind.Alias => Data(response.Answers),
            AnswerKind.Referral => $"ask {Data(response.Authorities)} (servers of {Cut(response)})",
            AnswerKind.NoData => "NOERROR, but no such record",
            _ => response.Rcode.ToMnemonic(),
        };

    private static string Cut(DnsMessage response)
    {
        foreach (var record in response.Authorities)
        {
            if (record.Type == RecordType.NS)
                return record.Name.ToString();
        }
        return "?";
    }

    private static string Data(IReadOnlyList<ResourceRecord> records) =>
        string.Join(", ", records.Select(static record => $"{record.Type} {Say(record.Data)}"));

    /// <summary>Data as people say it: a name without its last dot.</summary>
    public static string Say(RecordData data) => data is NameData name ? name.Target.ToHostName() : data.ToString();
}

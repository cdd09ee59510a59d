namespace Twocan.Dns;

/// <summary>The records that matter in a response, in no language: what the journal's events carry.</summary>
internal static class AnswerText
{
    public static string Of(DnsMessage response, AnswerKind kind) =>
        kind switch
        {
            AnswerKind.Answer or AnswerKind.Alias => Data(response.Answers),
            AnswerKind.Referral => Cut(response),
            _ => "",
        };

    private static string Cut(DnsMessage response)
    {
        var servers = response.Authorities.Where(static record => record.Type == RecordType.NS).ToList();
        return servers.Count == 0 ? "" : $"{servers[0].Name} {Data(servers)}";
    }

    private static string Data(IReadOnlyList<ResourceRecord> records) =>
        string.Join(", ", records.Select(static record => $"{record.Type} {Say(record.Data)}"));

    /// <summary>Data as people say it: a name without its last dot.</summary>
    public static string Say(RecordData data) => data is NameData name ? name.Target.ToHostName() : data.ToString();
}

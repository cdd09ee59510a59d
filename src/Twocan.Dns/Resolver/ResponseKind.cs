namespace Twocan.Dns;

/// <summary>What a response amounts to, for who asked this question.</summary>
internal static class ResponseKind
{
    /// <param name="response">A response to <paramref name="question"/>.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="zone">The zone whose server was asked; what it says of names outside does not count. The root for a server that answers for all.</param>
    public static AnswerKind Of(DnsMessage response, Question question, DomainName zone)
    {
        if (response.Rcode is not (Rcode.NoError or Rcode.NameError))
            return AnswerKind.Failure;
        var chain = AliasChain.Follow(question, response.Answers, zone);
        if (chain.Found is not null)
            return AnswerKind.Answer;
        // NXDOMAIN behind an alias is about the alias's target (RFC 6604 §3).
        if (chain.Aliases.Count > 0 && response.Rcode == Rcode.NoError && !HasSoa(response))
            return AnswerKind.Alias;
        if (response.Rcode == Rcode.NameError)
            return AnswerKind.NameError;
        if (!response.IsAuthoritative && !HasSoa(response) && HasCut(response, question, zone))
            return AnswerKind.Referral;
        return response.IsAuthoritative || HasSoa(response) || response.RecursionAvailable
            ? AnswerKind.NoData
            : AnswerKind.Failure;
    }

    private static bool HasSoa(DnsMessage response)
    {
        foreach (var record in response.Authorities)
        {
            if (record.Type == RecordType.SOA)
                return true;
        }
        return false;
    }

    private static bool HasCut(DnsMessage response, Question question, DomainName zone)
    {
        foreach (var record in response.Authorities)
        {
            if (record.Type == RecordType.NS && record.Name.IsAtOrBelow(zone) && question.Name.IsAtOrBelow(record.Name))
                return true;
        }
        return false;
    }
}

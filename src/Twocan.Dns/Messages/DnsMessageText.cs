using System.Text;

namespace Twocan.Dns;

/// <summary>A message as dig prints it: comments behind semicolons, records as lines of a master file.</summary>
internal static class DnsMessageText
{
    public static string Of(DnsMessage message)
    {
        var text = new StringBuilder();
        var additionals = message.Additionals.Count + (message.Edns is null ? 0 : 1);
        text.Append(
            $";; ->>HEADER<<- opcode: {message.Opcode.ToMnemonic()}, status: {message.Rcode.ToMnemonic()}, id: {message.Id}\n"
        );
        text.Append(
            $";; flags: {message.Flags.ToMnemonic()}; QUERY: {message.Questions.Count}, ANSWER: {message.Answers.Count}, AUTHORITY: {message.Authorities.Count}, ADDITIONAL: {additionals}\n"
        );
        if (message.Edns is { } edns)
            text.Append(
                $"\n;; OPT PSEUDOSECTION:\n; EDNS: version: {edns.Version}, flags:{(edns.DnssecOk ? " do" : "")}; udp: {edns.UdpPayloadSize}\n"
            );
        if (ExtendedError.TryRead(message.Edns, out var error))
            text.Append($"; EDE: {error.Code}: ({error.Text})\n");
        if (message.Questions.Count > 0)
            text.Append("\n;; QUESTION SECTION:\n");
        foreach (var question in message.Questions)
            text.Append($";{question.Name}\t\t{question.Class}\t{question.Type}\n");
        Append(text, "ANSWER", message.Answers);
        Append(text, "AUTHORITY", message.Authorities);
        Append(text, "ADDITIONAL", message.Additionals);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string section, IReadOnlyList<ResourceRecord> records)
    {
        if (records.Count == 0)
            return;
        text.Append($"\n;; {section} SECTION:\n");
        foreach (var record in records)
            text.Append(record).Append('\n');
    }
}

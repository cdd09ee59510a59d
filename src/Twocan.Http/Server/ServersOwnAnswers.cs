using System.Text;

namespace Twocan.Http;

/// <summary>What a server answers by itself, whatever it serves.</summary>
internal static class ServersOwnAnswers
{
    /// <summary>Credentials that a TRACE must not carry back (RFC 9110 §9.3.8).</summary>
    private static readonly string[] s_secrets = ["Authorization", "Proxy-Authorization", "Cookie"];

    /// <summary>Null when it is for the handler to answer.</summary>
    public static Answer? To(RequestHead head, ServerOptions options)
    {
        if (head.ExpectsTheUnknown)
            return Answer.Page(
                417,
                $"Nobody here knows what '{head.Fields["Expect"]}' is to expect: 100-continue is all."
            );
        return head.Method == Methods.Trace && options.AnswersTrace ? Trace(head) : null;
    }

    private static Answer Trace(RequestHead head)
    {
        var fields = head.Fields.Clone();
        foreach (var name in s_secrets)
            fields.Remove(name);
        var message = new RequestHead(head.Method, head.Target, head.Version, fields).ToString();
        return Answer.Of(200, Encoding.Latin1.GetBytes(message), "message/http");
    }
}

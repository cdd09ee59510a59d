using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>What <c>finger</c> and <c>whois</c> share: a line to a server, and its text.</summary>
internal static class LineClientVerb
{
    public static async Task<int> AskAsync(
        Invocation call,
        Session session,
        (string Name, Port Port) server,
        string line,
        IpFamily? family,
        CancellationToken stop
    )
    {
        var address = await session.ResolveAsync(server.Name, stop, family);
        string text;
        try
        {
            text = await LineClient.AskAsync(session.Network, new(address, server.Port), line, stop);
        }
        catch (SocketException failure)
        {
            throw new NoAnswerException(
                $"{server.Name} ({new Endpoint(address, server.Port)}) cannot be asked: {failure.Message}"
            );
        }
        if (call.Json)
            call.Terminal.JsonLine(
                new(server.Name, address.ToString(), line, text),
                LineClientJson.Default.LineClientAnswer
            );
        else
            foreach (var one in text.TrimEnd('\n').Split('\n'))
                call.Terminal.Line(Printable(one));
        return text.Length > 0 ? Exit.Done : Exit.No;
    }

    /// <summary>RFC 1288 §3.3: somebody else's text must not steer this terminal.</summary>
    private static string Printable(string line) =>
        string.Concat(line.Select(character => char.IsControl(character) && character != '\t' ? '?' : character));
}

/// <summary>The answer of <c>finger --json</c> and <c>whois --json</c>.</summary>
internal sealed record LineClientAnswer(string Server, string Address, string Query, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LineClientAnswer))]
internal sealed partial class LineClientJson : JsonSerializerContext;

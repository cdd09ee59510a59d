using System.Text;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>What is told of a fetch while it goes on: <c>-v</c> on stderr, <c>-i</c> and <c>-I</c> before the body.</summary>
internal sealed class FetchTalk(FetchOptions options, Invocation call, FetchSink sink) : FetchWatcher
{
    private readonly bool _isVerbose = call.Get(options.Verbose) && !call.Json;
    private readonly bool _shows = (call.Get(options.Include) || call.Get(options.Head)) && !call.Json;

    public override void OnRequest(ReadOnlySpan<byte> head, ConnectionUsed connection, ResponseTiming timing)
    {
        if (!_isVerbose)
            return;
        Connection(connection, timing);
        Lines('>', Encoding.Latin1.GetString(head));
    }

    public override void OnInterim(ResponseHead head)
    {
        if (_isVerbose)
            Lines('<', head.ToString());
    }

    public override void OnResponse(ClientResponse response)
    {
        if (_isVerbose)
            Lines('<', response.Head.ToString());
        if (_shows && sink.File is null)
            call.Terminal.Bytes(Encoding.Latin1.GetBytes(response.Head.ToString()));
    }

    private void Connection(ConnectionUsed used, ResponseTiming timing)
    {
        var terminal = call.Terminal;
        if (used.WasReused)
            Say($"goes on with the connection to {used.Remote}", $"{used.Remote}과(와)의 접속을 다시 사용합니다");
        if (timing.Resolved is { } resolved && !used.WasReused)
            Say(
                $"the name's addresses came after {resolved - timing.Began}",
                $"이름의 주소를 {resolved - timing.Began} 만에 알았습니다"
            );
        foreach (var attempt in timing.Attempts.Where(static attempt => !attempt.IsTaken))
        {
            var why = attempt.Error is { } error ? Sockets.Errno.NameOf(error) : "given up for a faster one";
            Say($"{attempt.To}: {why}", $"{attempt.To}: {why}");
        }
        if (timing.Connected is { } connected && !used.WasReused)
            Say(
                $"connected to {used.Remote} after {connected - timing.Began}{(used.Proxy is null ? "" : ", a proxy")}",
                $"{connected - timing.Began} 만에 {used.Remote}에 접속했습니다{(used.Proxy is null ? "" : " (프록시)")}"
            );
        if (used.Tls is not null && !used.WasReused)
            Say($"{used.Tls}, {used.CipherSuite}", $"{used.Tls}, {used.CipherSuite}");

        void Say(string english, string korean) => terminal.Note("* " + terminal.Say(english, korean));
    }

    private void Lines(char mark, string head)
    {
        foreach (var line in head.Split("\r\n").SkipLast(1))
            call.Terminal.Note($"{mark} {Printable(line)}".TrimEnd());
    }

    /// <summary>Somebody else's text must not steer this terminal.</summary>
    private static string Printable(string line) =>
        string.Concat(line.Select(static c => char.IsControl(c) && c != '\t' ? '?' : c));
}

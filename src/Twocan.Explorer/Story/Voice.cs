using System.Globalization;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>Chooses between the two languages, and writes times and numbers the same way everywhere.</summary>
public sealed class Voice(Language language)
{
    public Language Language => language;

    public bool IsKorean => language == Language.Korean;

    public Text Say(Text english, Text korean) => IsKorean ? korean : english;

    public string Word(string english, string korean) => IsKorean ? korean : english;

    /// <summary>A paragraph that flows.</summary>
    public Paragraph Tell(Text english, Text korean) => new(Say(english, korean));

    /// <summary>A paragraph with a dot in front.</summary>
    public Paragraph Item(Text english, Text korean) => new(Say(english, korean), "• ", 2);

    /// <summary>A point in time since the click, in milliseconds with all the digits that matter: <c>45.123 ms</c>.</summary>
    public static string At(Instant at, Instant since) => Milliseconds(at - since) + " ms";

    public static string Milliseconds(Duration span) =>
        span.TotalMilliseconds.ToString("N3", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The state as <c>netstat</c> writes it.</summary>
    public static string State(Stack.TcpState state) =>
        state switch
        {
            Stack.TcpState.SynSent => "SYN_SENT",
            Stack.TcpState.SynReceived => "SYN_RECEIVED",
            Stack.TcpState.FinWait1 => "FIN_WAIT_1",
            Stack.TcpState.FinWait2 => "FIN_WAIT_2",
            Stack.TcpState.CloseWait => "CLOSE_WAIT",
            Stack.TcpState.LastAck => "LAST_ACK",
            Stack.TcpState.TimeWait => "TIME_WAIT",
            _ => state.ToString().ToUpperInvariant(),
        };
}

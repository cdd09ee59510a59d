namespace Twocan.Cli;

/// <summary>Which sockets <c>netstat</c> was asked for, and what of them; the same in a world and of this machine.</summary>
internal sealed record NetstatWanted(bool All, bool Listening, bool Tcp, bool Udp)
{
    public bool Numeric { get; init; }

    public bool Timers { get; init; }

    public bool Programs { get; init; }

    public bool Info { get; init; }

    public bool Takes(bool isTcp, bool isListening) =>
        (Tcp == Udp || (isTcp ? Tcp : Udp)) && (All || Listening == isListening);
}

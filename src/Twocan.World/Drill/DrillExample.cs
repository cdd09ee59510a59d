namespace Twocan.Worlds;

/// <summary>The script that ships, so that the command can be tried at once: a handshake, a request, an answer, a goodbye.</summary>
public static class DrillExample
{
    public const string Text = """
        // A program waits for connections.
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0

        // The three-way handshake.
        +.1   < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
        +0    > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 7>
        +.1   < . 1:1(0) ack 1 win 257
        +0    accept(3, ..., ...) = 4

        // A request of 100 octets, an answer of 2,500, which takes three segments.
        +0    < P. 1:101(100) ack 1 win 257
        +0    > . 1:1(0) ack 101
        +0    read(4, ..., 1000) = 100
        +0    write(4, ..., 2500) = 2500
        +0    > . 1:1001(1000) ack 101
        +0    > . 1001:2001(1000) ack 101
        +0    > P. 2001:2501(500) ack 101
        +.1   < . 101:101(0) ack 2501 win 257

        // We say goodbye first, the peer a little later.
        +0    close(4) = 0
        +0    > F. 2501:2501(0) ack 101
        +.1   < F. 101:101(0) ack 2502 win 257
        +0    > . 2502:2502(0) ack 102

        """;
}

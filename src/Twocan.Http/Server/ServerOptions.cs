using System.Security.Cryptography.X509Certificates;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>How a server listens, how long it is patient, and how much it takes on.</summary>
public sealed record ServerOptions
{
    public Endpoint Listen { get; init; } = new(IpAddress.Any6, Port.Http);

    /// <summary>How it waits there: whom it admits, and whether other loops share the port.</summary>
    public ListenOptions Waiting { get; init; } = new() { Backlog = 1024 };

    /// <summary>With one, TLS is spoken on every connection.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What the Server field says; null leaves it out.</summary>
    public string? Software { get; init; } = "Twocan/0.1";

    /// <summary>It answers for other hosts: which one is meant, a whole URL in the request line says, and else the Host field.</summary>
    public bool IsProxy { get; init; }

    /// <summary>Connections at one time; others wait in the listener's backlog.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Requests on one connection, before it is closed to give another client its turn.</summary>
    public int MaxRequests { get; init; } = 100;

    /// <summary>How long a kept connection may say nothing before its next request.</summary>
    public Duration IdleTimeout { get; init; } = Duration.FromSeconds(15);

    /// <summary>How long a client may take for the next piece of an answer, 256 KiB at most, before it is given up.</summary>
    public Duration WriteTimeout { get; init; } = Duration.FromSeconds(60);

    /// <summary>How long a head may take once it has begun, and each further piece of a body: 408.</summary>
    public Duration ReadTimeout { get; init; } = Duration.FromSeconds(20);

    /// <summary>
    /// Bytes a second that a request's body has to come with after that: who drips a byte every few seconds to hold a place is
    /// shed like one who says nothing.
    /// </summary>
    public int MinimumRate { get; init; } = 240;

    /// <summary>TRACE is answered with the request (RFC 9110 §9.3.8). Off: it would tell a script what a browser keeps from it.</summary>
    public bool AnswersTrace { get; init; }

    /// <summary>Answers tell with Server-Timing how long they took to make.</summary>
    public bool TellsTiming { get; init; }

    /// <summary>Is told of every request that has been answered.</summary>
    public IAccessLog? Log { get; init; }

    public MessageLimits Limits { get; init; } = new() { Body = 16 << 20 };
}

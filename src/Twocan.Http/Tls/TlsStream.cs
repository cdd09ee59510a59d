using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>The two sides could not agree on a secret, or the other is not who it was to be.</summary>
public sealed class TlsException(string why, Exception? cause = null) : IOException(why, cause);

/// <summary>
/// TLS over a connection of ours: what is written is encrypted by .NET's <see cref="SslStream"/> and goes its way through the
/// socket library as anything else does. What the socket says is passed on as it is: whoever reads from here need not know that
/// there is a cipher in between.
/// </summary>
public sealed class TlsStream : LoopStream
{
    private readonly SslStream _ssl;
    private bool _closed;
    private bool _hasSaidGoodbye;

    private TlsStream(TcpStream tcp, SslStream ssl) => (Tcp, _ssl) = (tcp, ssl);

    /// <summary>The connection below.</summary>
    public TcpStream Tcp { get; }

    /// <summary><c>TLS 1.3</c>.</summary>
    public string Version =>
        _ssl.SslProtocol switch
        {
            SslProtocols.Tls13 => "TLS 1.3",
            SslProtocols.Tls12 => "TLS 1.2",
            var other => other.ToString(),
        };

    /// <summary><c>TLS_AES_256_GCM_SHA384</c>.</summary>
    public string CipherSuite => _ssl.NegotiatedCipherSuite.ToString();

    /// <summary>What both are going to speak (ALPN), such as <c>http/1.1</c>; null when nobody said.</summary>
    public string? Protocol =>
        _ssl.NegotiatedApplicationProtocol is { Protocol.IsEmpty: false } known ? known.ToString() : null;

    /// <summary>What the other side showed, as the certificate names it; null when it showed none.</summary>
    public string? PeerName => _ssl.RemoteCertificate?.Subject;

    public override bool CanWrite => true;

    /// <summary>The client's part of the handshake. Throws <see cref="TlsException"/>; <paramref name="tcp"/> is then to be closed.</summary>
    public static ValueTask<TlsStream> AuthenticateAsClientAsync(
        TcpStream tcp,
        SslClientAuthenticationOptions options,
        CancellationToken stop = default
    ) => AuthenticateAsync(tcp, ssl => ssl.AuthenticateAsClientAsync(options, stop));

    /// <summary>The server's part of the handshake. Throws <see cref="TlsException"/>; <paramref name="tcp"/> is then to be closed.</summary>
    public static ValueTask<TlsStream> AuthenticateAsServerAsync(
        TcpStream tcp,
        SslServerAuthenticationOptions options,
        CancellationToken stop = default
    ) => AuthenticateAsync(tcp, ssl => ssl.AuthenticateAsServerAsync(options, stop));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _ssl.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException failure)
        {
            throw Unwrapped(failure);
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await _ssl.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException failure)
        {
            throw Unwrapped(failure);
        }
    }

    /// <summary>Says 'this was my last' (close_notify), and goes on listening.</summary>
    public async ValueTask ShutdownWriteAsync()
    {
        try
        {
            _hasSaidGoodbye = true;
            await _ssl.ShutdownAsync();
        }
        catch (IOException failure)
        {
            throw Unwrapped(failure);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!_closed && disposing)
        {
            _closed = true;
            if (!_hasSaidGoodbye)
                Goodbye();
            _ssl.Dispose();
            Tcp.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>RFC 8446 §6.1: who ends says so. There is room for these few bytes, or it does not matter any more.</summary>
    private void Goodbye()
    {
        var said = _ssl.ShutdownAsync();
        // Looked at, so that nobody misses what it threw.
        _ = said.Exception;
        if (!said.IsCompleted)
            _ = said.ContinueWith(
                static ended => _ = ended.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }

    private static async ValueTask<TlsStream> AuthenticateAsync(TcpStream tcp, Func<SslStream, Task> handshake)
    {
        var ssl = new SslStream(tcp, leaveInnerStreamOpen: true);
        try
        {
            await handshake(ssl);
            return new(tcp, ssl);
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            await ssl.DisposeAsync();
            if (failure.InnerException is SocketException broken)
                throw broken;
            throw new TlsException(WhyOf(failure), failure);
        }
        catch
        {
            await ssl.DisposeAsync();
            throw;
        }
    }

    private static string WhyOf(Exception failure)
    {
        var why = (failure.InnerException ?? failure).Message;
        return failure is IOException && failure.InnerException is null
            ? "the other side ended the handshake: it does not speak TLS on this port, or does not like what it was offered"
            : why.TrimEnd('.');
    }

    /// <summary>What broke was the socket, or else the cipher: bytes that were changed on their way.</summary>
    private static Exception Unwrapped(IOException failure) =>
        failure.InnerException as SocketException ?? new SocketException((int)SocketError.ConnectionAborted);
}

using System.Net.Sockets;

namespace Twocan.Sockets;

/// <summary>The names by which C programmers know socket errors.</summary>
public static class Errno
{
    public static string NameOf(SocketError error) =>
        error switch
        {
            SocketError.AccessDenied => "EACCES",
            SocketError.AddressAlreadyInUse => "EADDRINUSE",
            SocketError.AddressFamilyNotSupported => "EAFNOSUPPORT",
            SocketError.AddressNotAvailable => "EADDRNOTAVAIL",
            SocketError.AlreadyInProgress => "EALREADY",
            SocketError.ConnectionAborted => "ECONNABORTED",
            SocketError.ConnectionRefused => "ECONNREFUSED",
            SocketError.ConnectionReset => "ECONNRESET",
            SocketError.DestinationAddressRequired => "EDESTADDRREQ",
            SocketError.HostUnreachable => "EHOSTUNREACH",
            SocketError.InProgress => "EINPROGRESS",
            SocketError.Interrupted => "EINTR",
            SocketError.InvalidArgument => "EINVAL",
            SocketError.IsConnected => "EISCONN",
            SocketError.MessageSize => "EMSGSIZE",
            SocketError.NetworkDown => "ENETDOWN",
            SocketError.NetworkUnreachable => "ENETUNREACH",
            SocketError.NoBufferSpaceAvailable => "ENOBUFS",
            SocketError.NotConnected => "ENOTCONN",
            SocketError.NotSocket => "EBADF",
            SocketError.OperationAborted => "ECANCELED",
            SocketError.OperationNotSupported => "EOPNOTSUPP",
            SocketError.ProtocolOption => "ENOPROTOOPT",
            SocketError.ProtocolNotSupported => "EPROTONOSUPPORT",
            SocketError.Shutdown => "EPIPE",
            SocketError.TimedOut => "ETIMEDOUT",
            SocketError.TooManyOpenSockets => "EMFILE",
            SocketError.WouldBlock => "EAGAIN",
            _ => error.ToString(),
        };
}

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
            SocketError.Fault => "EFAULT",
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

    /// <summary>The same from the numbers that Linux gives them.</summary>
    public static SocketError ToSocketError(int number) =>
        number switch
        {
            0 => SocketError.Success,
            1 or 13 => SocketError.AccessDenied,
            4 => SocketError.Interrupted,
            9 or 88 => SocketError.NotSocket,
            11 => SocketError.WouldBlock,
            12 or 105 => SocketError.NoBufferSpaceAvailable,
            14 => SocketError.Fault,
            22 => SocketError.InvalidArgument,
            23 or 24 => SocketError.TooManyOpenSockets,
            32 => SocketError.Shutdown,
            71 or 92 => SocketError.ProtocolOption,
            89 => SocketError.DestinationAddressRequired,
            90 => SocketError.MessageSize,
            93 or 94 => SocketError.ProtocolNotSupported,
            95 => SocketError.OperationNotSupported,
            97 => SocketError.AddressFamilyNotSupported,
            98 => SocketError.AddressAlreadyInUse,
            99 => SocketError.AddressNotAvailable,
            100 => SocketError.NetworkDown,
            101 => SocketError.NetworkUnreachable,
            103 => SocketError.ConnectionAborted,
            104 => SocketError.ConnectionReset,
            106 => SocketError.IsConnected,
            107 => SocketError.NotConnected,
            108 => SocketError.Shutdown,
            110 => SocketError.TimedOut,
            111 => SocketError.ConnectionRefused,
            112 or 113 => SocketError.HostUnreachable,
            114 => SocketError.AlreadyInProgress,
            115 => SocketError.InProgress,
            _ => SocketError.SocketError,
        };
}

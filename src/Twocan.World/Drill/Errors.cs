using System.Net.Sockets;
using Twocan.Sockets;

namespace Twocan.Worlds;

/// <summary>The errors of Linux's calls: name, number, and the words that go with it.</summary>
internal static class Errors
{
    private static readonly (string Name, int Number, string Words)[] All =
    [
        ("EPERM", 1, "Operation not permitted"),
        ("ENOENT", 2, "No such file or directory"),
        ("EINTR", 4, "Interrupted system call"),
        ("EBADF", 9, "Bad file descriptor"),
        ("EAGAIN", 11, "Resource temporarily unavailable"),
        ("EWOULDBLOCK", 11, "Resource temporarily unavailable"),
        ("ENOMEM", 12, "Cannot allocate memory"),
        ("EACCES", 13, "Permission denied"),
        ("EFAULT", 14, "Bad address"),
        ("EEXIST", 17, "File exists"),
        ("EINVAL", 22, "Invalid argument"),
        ("EMFILE", 24, "Too many open files"),
        ("EPIPE", 32, "Broken pipe"),
        ("EPROTO", 71, "Protocol error"),
        ("ENOTSOCK", 88, "Socket operation on non-socket"),
        ("EDESTADDRREQ", 89, "Destination address required"),
        ("EMSGSIZE", 90, "Message too long"),
        ("ENOPROTOOPT", 92, "Protocol not available"),
        ("EPROTONOSUPPORT", 93, "Protocol not supported"),
        ("EOPNOTSUPP", 95, "Operation not supported"),
        ("ENOTSUPP", 95, "Operation not supported"),
        ("EAFNOSUPPORT", 97, "Address family not supported by protocol"),
        ("EADDRINUSE", 98, "Address already in use"),
        ("EADDRNOTAVAIL", 99, "Cannot assign requested address"),
        ("ENETDOWN", 100, "Network is down"),
        ("ENETUNREACH", 101, "Network is unreachable"),
        ("ECONNABORTED", 103, "Software caused connection abort"),
        ("ECONNRESET", 104, "Connection reset by peer"),
        ("ENOBUFS", 105, "No buffer space available"),
        ("EISCONN", 106, "Transport endpoint is already connected"),
        ("ENOTCONN", 107, "Transport endpoint is not connected"),
        ("ETIMEDOUT", 110, "Connection timed out"),
        ("ECONNREFUSED", 111, "Connection refused"),
        ("EHOSTDOWN", 112, "Host is down"),
        ("EHOSTUNREACH", 113, "No route to host"),
        ("EALREADY", 114, "Operation already in progress"),
        ("EINPROGRESS", 115, "Operation now in progress"),
        ("ECANCELED", 125, "Operation canceled"),
    ];

    /// <summary>Zero for a name that there is not.</summary>
    public static int NumberOf(string name)
    {
        foreach (var error in All)
        {
            if (error.Name == name)
                return error.Number;
        }
        return 0;
    }

    public static int NumberOf(SocketError error) => NumberOf(Errno.NameOf(error));

    public static string WordsOf(int number)
    {
        foreach (var error in All)
        {
            if (error.Number == number)
                return error.Words;
        }
        return $"Unknown error {number}";
    }
}

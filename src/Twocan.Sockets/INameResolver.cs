using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>The addresses of a name, and the event that told them.</summary>
public readonly record struct NameAnswer(IReadOnlyList<IpAddress> Addresses, EventId Because);

/// <summary>gethostbyname: the part of the socket library that turns a name into addresses.</summary>
public interface INameResolver
{
    /// <summary>Throws <see cref="NameResolutionException"/> when there is no answer. An address in text form is its own answer.</summary>
    ValueTask<NameAnswer> ResolveAsync(string name, EventId because = default, CancellationToken stop = default);
}

/// <summary>A resolver that can be asked for the addresses of one family alone, so that who wants to connect need not wait for the other.</summary>
public interface IFamilyResolver : INameResolver
{
    /// <summary>It asks for both families, and takes those of either.</summary>
    bool AsksBoth { get; }

    /// <summary>As the other, of one family.</summary>
    ValueTask<NameAnswer> ResolveAsync(
        string name,
        IpFamily family,
        EventId because = default,
        CancellationToken stop = default
    );
}

/// <summary>
/// A name that could not be resolved, and why: <see cref="SocketError.HostNotFound"/> (it does not exist),
/// <see cref="SocketError.NoData"/> (it has no address), <see cref="SocketError.TryAgain"/> (nobody answered, or a server failed).
/// </summary>
public sealed class NameResolutionException(string name, SocketError error, string why, EventId because = default)
    : SocketException((int)error)
{
    public string Name { get; } = name;

    public EventId Because { get; } = because;

    public override string Message => $"{Name}: {why}";
}

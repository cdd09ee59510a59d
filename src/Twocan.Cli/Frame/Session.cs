using System.Runtime.InteropServices;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>
/// Where a verb's program runs: on a host of a world, or on this machine. The first Ctrl-C asks the verb to end, the second
/// ends it.
/// </summary>
internal abstract class Session : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly EventLoop _loop;
    private readonly PosixSignalRegistration? _interrupt;
    private bool _wasAsked;

    /// <param name="isInFront">Whether Ctrl-C means this verb.</param>
    protected Session(EventLoop loop, bool isInFront)
    {
        _loop = loop;
        if (isInFront)
            _interrupt = PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                signal =>
                {
                    signal.Cancel = true;
                    End();
                }
            );
    }

    /// <summary>What programs see of the host.</summary>
    public abstract INetwork Network { get; }

    /// <summary>The host's own addresses, adapter by adapter.</summary>
    public abstract IEnumerable<(string Adapter, IpAddress Address)> Addresses { get; }

    /// <summary>Told when Ctrl-C is pressed.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>The one that the common options ask for.</summary>
    public static Session Open(Invocation call, bool journal = false) =>
        call.OnHost ? HostSession.Open(call, journal) : WorldSession.Open(call, journal);

    /// <summary>Runs a program, and all around it for as long as it takes.</summary>
    public abstract T Run<T>(Func<CancellationToken, Task<T>> program);

    /// <summary>The host that has an address, if anybody knows it: what <c>From 10.11.12.1</c> is called.</summary>
    public abstract string? NameOf(IpAddress address);

    /// <summary>The address of a name that my host would take; throws <see cref="NoAnswerException"/> when the name has none.</summary>
    /// <param name="family">The only one that is wanted; null leaves it to my host.</param>
    public async Task<IpAddress> ResolveAsync(string name, CancellationToken stop, IpFamily? family = null)
    {
        try
        {
            return (await new StubResolver(Network, family).ResolveAsync(name, default, stop)).Addresses[0];
        }
        catch (NameResolutionException failure)
        {
            throw new NoAnswerException(
                WhatElseIsKnownOf(name) is { } more ? $"{failure.Message}; {more}" : failure.Message
            );
        }
    }

    /// <summary>Who tells my host's programs the addresses of names.</summary>
    /// <param name="family">The only one that is wanted; null leaves it to my host.</param>
    public virtual INameResolver Resolver(IpFamily? family) => new StubResolver(Network, family);

    /// <summary>fe80::1%eth0 is an address and the number of the adapter on whose link it is meant; anything else has none (0).</summary>
    public (string Name, int Scope) WithoutZone(string name) =>
        name.IndexOf('%', StringComparison.Ordinal) is > 0 and var percent
            ? (name[..percent], ScopeOf(name[(percent + 1)..]))
            : (name, 0);

    /// <summary>The number of my adapter that somebody names.</summary>
    protected abstract int ScopeOf(string zone);

    /// <summary>Asks the verb to end, and the second time ends it. Any thread may call it.</summary>
    public void End()
    {
        if (_wasAsked)
            _loop.Interrupt();
        else
            _loop.PostFromOutside(_stop.Cancel);
        _wasAsked = true;
    }

    public virtual void Dispose()
    {
        _interrupt?.Dispose();
        _stop.Dispose();
    }

    protected virtual string? WhatElseIsKnownOf(string name) => null;
}

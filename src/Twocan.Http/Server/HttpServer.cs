using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>Accepts connections, and holds a conversation on each: requests in, a handler's answers out.</summary>
public sealed class HttpServer(IRequestHandler handler, ServerOptions? options = null)
{
    private readonly LinkedList<ServerConversation> _conversations = new();
    private CancellationTokenSource? _accepting;
    private Signal? _changed;

    /// <summary>May be changed for connections to come; where it listens, and whom it admits there, stays.</summary>
    public ServerOptions Options { get; set; } = options ?? new();

    /// <summary>Who answers; another one may take over for the requests to come.</summary>
    public IRequestHandler Handler { get; set; } = handler;

    /// <summary>Conversations that are going on.</summary>
    public int Connections => _conversations.Count;

    /// <summary>Connections that have been taken.</summary>
    public long Accepted { get; private set; }

    /// <summary>Requests that have been answered.</summary>
    public long Served { get; internal set; }

    /// <summary>No more connections are taken, and those that there are end after their next answer.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Told when the server listens, and where: the port may have been for the system to choose.</summary>
    public Action<Endpoint>? Ready { get; init; }

    /// <summary>What all good answers of this server begin with.</summary>
    internal StatusLine StatusLine { get; private set; } = null!;

    /// <summary>Runs until <paramref name="stop"/>, which ends everything at once, or until all is done after <see cref="End"/>.</summary>
    public async Task RunAsync(INetwork network, CancellationToken stop)
    {
        _changed = new(network.Loop, network.Name, "connections to end");
        StatusLine = new(network.Loop, Options.Software);
        using var accepting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _accepting = accepting;
        try
        {
            if (!IsEnding)
                await AcceptAsync(network, accepting.Token, stop);
        }
        catch (OperationCanceledException) when (IsEnding && !stop.IsCancellationRequested)
        {
            while (_conversations.Count > 0)
                await _changed.WaitAsync(stop);
        }
        finally
        {
            _accepting = null;
        }
    }

    /// <summary>Finishes what runs and then goes: <see cref="RunAsync"/> ends when the last answer is out.</summary>
    public void End()
    {
        if (IsEnding)
            return;
        IsEnding = true;
        _accepting?.Cancel();
        foreach (var conversation in _conversations.ToList())
            conversation.EndIfIdle();
    }

    private async Task AcceptAsync(INetwork network, CancellationToken accepting, CancellationToken stop)
    {
        using var listener = network.Listen(Options.Listen, Options.Waiting);
        Ready?.Invoke(listener.LocalEndpoint);
        while (true)
        {
            while (_conversations.Count >= Options.MaxConnections)
                await _changed!.WaitAsync(accepting);
            TcpStream stream;
            try
            {
                stream = await listener.AcceptAsync(accepting);
            }
            catch (SocketException refusal) when (refusal.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                // No descriptor is free: the connection waits in the backlog until one is.
                await network.Loop.DelayAsync(Duration.FromMilliseconds(100), accepting);
                continue;
            }
            Accepted++;
            // It counts from now on and not from when it begins: many may wait at the door at one time.
            var place = _conversations.AddLast(new ServerConversation(network, this, stream, stop));
            network.Loop.Start($"{network.Name} conversation {stream.Descriptor}", () => ConverseAsync(place));
        }
    }

    private async Task ConverseAsync(LinkedListNode<ServerConversation> place)
    {
        using var conversation = place.Value;
        try
        {
            await conversation.RunAsync();
        }
        catch (Exception failure) when (failure is SocketException or TlsException)
        {
            // The client is gone, or spoke no TLS; there is nobody left to tell.
        }
        finally
        {
            _conversations.Remove(place);
            _changed!.Set();
        }
    }
}

using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>ICMP errors that wait for a program that asked for them. Bounded: anyone who guesses a port can send some.</summary>
internal sealed class ErrorQueue(EventLoop loop, string owner)
{
    public const int Limit = 256;

    private readonly Queue<ReceivedError> _errors = new();
    private readonly Signal _changed = new(loop, owner, "an ICMP error");
    private bool _closed;

    public int Count => _errors.Count;

    /// <summary>False: full, the error is lost.</summary>
    public bool TryAdd(in ReceivedError error)
    {
        if (_closed || _errors.Count == Limit)
            return false;
        _errors.Enqueue(error);
        _changed.Set();
        return true;
    }

    public async ValueTask<ReceivedError> TakeAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_closed)
                throw new SocketException((int)SocketError.OperationAborted);
            if (_errors.TryDequeue(out var error))
                return error;
            await _changed.WaitAsync(stop);
        }
    }

    /// <summary>Throws all away and ends every wait.</summary>
    public void Close()
    {
        _closed = true;
        _errors.Clear();
        _changed.Set();
    }
}

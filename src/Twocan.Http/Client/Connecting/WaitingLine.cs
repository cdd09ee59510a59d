using Twocan.Core;

namespace Twocan.Http;

/// <summary>So many places, and who wants one beyond them stands in line: first come, first served.</summary>
internal sealed class WaitingLine(int places)
{
    private readonly LinkedList<Ticket> _line = new();
    private int _taken;

    public bool IsUnused => _taken == 0 && _line.Count == 0;

    public bool IsFull => _taken >= places;

    /// <summary>Somebody waits.</summary>
    public bool HasLine => _line.Count > 0;

    public bool TryTake()
    {
        if (IsFull)
            return false;
        _taken++;
        return true;
    }

    /// <summary>Waits for a place.</summary>
    public async ValueTask TakeAsync(Signal called, CancellationToken stop)
    {
        if (TryTake())
            return;
        var me = _line.AddLast(new Ticket(called));
        try
        {
            while (!me.Value.IsCalled)
                await called.WaitAsync(stop);
        }
        catch
        {
            // Who goes at the very moment of being called leaves the place to the next.
            if (me.Value.IsCalled)
                Give();
            else
                _line.Remove(me);
            throw;
        }
    }

    /// <summary>A place is given back: it goes to the first in line, if there is one.</summary>
    public void Give()
    {
        if (_line.First is not { } first)
        {
            _taken--;
            return;
        }
        _line.RemoveFirst();
        first.Value.IsCalled = true;
        first.Value.Called.Set();
    }

    private sealed class Ticket(Signal called)
    {
        public Signal Called => called;

        public bool IsCalled { get; set; }
    }
}

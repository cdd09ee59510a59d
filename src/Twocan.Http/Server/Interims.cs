using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// Passes on what a server further up says before its answer (RFC 9110 §15.2): 103 with its hints, 102. Not 100, which a client that
/// waits for it gets when its body is asked for.
/// </summary>
public sealed class Interims(ServerRequest client, EventLoop loop) : FetchWatcher
{
    private readonly Queue<ResponseHead> _waiting = new();
    private Signal? _passed;
    private bool _isPassing;

    /// <summary>Told for each piece of the client's body that has gone on.</summary>
    public Action? Passing { get; init; }

    public override void OnUpload(long sent) => Passing?.Invoke();

    public override void OnInterim(ResponseHead head)
    {
        if (head.Status is 100 or 101)
            return;
        _waiting.Enqueue(new(head.Status, HopByHop.Without(head.Fields), head.Reason));
        if (_isPassing)
            return;
        _isPassing = true;
        _passed ??= new(loop, "gateway", "an interim response to be passed on");
        loop.Start("gateway interim", PassAsync);
    }

    /// <summary>Waits until all are on their way: the answer itself comes after them.</summary>
    public async ValueTask PassedAsync()
    {
        while (_isPassing)
            await _passed!.WaitAsync();
    }

    private async Task PassAsync()
    {
        try
        {
            while (_waiting.TryDequeue(out var head))
                await client.SendInterimAsync(head);
        }
        catch (Exception gone) when (gone is System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // Who has gone will be missed when the answer is to be sent.
        }
        finally
        {
            _isPassing = false;
            _passed!.Set();
        }
    }
}

namespace Twocan.Http;

/// <summary>Is told of the steps of a fetch as they happen, of each of its exchanges: for who wants to show them.</summary>
public abstract class FetchWatcher
{
    /// <summary>A request's head goes out, as these bytes, by this connection.</summary>
    public virtual void OnRequest(ReadOnlySpan<byte> head, ConnectionUsed connection, ResponseTiming timing) { }

    /// <summary>So much of the body has gone out.</summary>
    public virtual void OnUpload(long sent) { }

    /// <summary>An interim response (1xx).</summary>
    public virtual void OnInterim(ResponseHead head) { }

    /// <summary>A response's head has come, of a redirect too.</summary>
    public virtual void OnResponse(ClientResponse response) { }
}

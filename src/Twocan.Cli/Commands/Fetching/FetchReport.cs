using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>What became of one URL: the answer of <c>fetch --json</c>, and what <c>-w</c> tells of.</summary>
internal sealed class FetchReport
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public required string Url { get; init; }

    public required string Method { get; init; }

    public string? FinalUrl { get; private set; }

    public int? Status { get; private set; }

    public string? Reason { get; private set; }

    public string? HttpVersion { get; private set; }

    public IReadOnlyList<FetchField> Fields { get; private set; } = [];

    public IReadOnlyList<string> Redirects { get; private set; } = [];

    public string? Remote { get; private set; }

    public string? Local { get; private set; }

    public bool Reused { get; private set; }

    public string? Proxy { get; private set; }

    public string? Tls { get; private set; }

    public string? CipherSuite { get; private set; }

    public IReadOnlyList<FetchAttempt> Attempts { get; private set; } = [];

    public FetchTimes? Times { get; private set; }

    public string? File { get; init; }

    public long? ResumedFrom { get; set; }

    /// <summary>Of the body as it is written down, with what was there before.</summary>
    public long Bytes { get; private set; }

    /// <summary>Of the body as it came.</summary>
    public long BytesReceived { get; private set; }

    public string? Unpacked { get; private set; }

    public string? Sha256 { get; private set; }

    /// <summary>The body where it goes to no file: text where it is UTF-8, else base64.</summary>
    public string? Text { get; private set; }

    public string? Base64 { get; private set; }

    public string? Error { get; set; }

    public string? FailedAt { get; private set; }

    /// <summary>So much of the file is there, and may be gone on with.</summary>
    public long? KeptBytes { get; set; }

    [JsonIgnore]
    public double? RetryAfter { get; private set; }

    /// <summary>curl's choice: time-outs, servers that are too busy, connections that broke.</summary>
    [JsonIgnore]
    public bool MayHelpToRetry { get; private set; }

    [JsonIgnore]
    public double TotalSeconds => (Times?.TotalUs ?? 0) / 1e6;

    public void Take(ClientResponse response, long have)
    {
        (FinalUrl, Status, Reason) = (response.Url.Href, response.Status, response.Head.Reason);
        HttpVersion = response.Head.Version.ToString();
        var fields = new List<FetchField>();
        foreach (var field in response.Fields)
            fields.Add(new(field.Name, field.Value));
        (Fields, Redirects) = (fields, [.. response.Redirects.Select(url => url.Href)]);
        var used = response.Connection;
        (Remote, Local, Reused) = (used.Remote.ToString(), used.Local.ToString(), used.WasReused);
        (Proxy, Tls, CipherSuite) = (used.Proxy?.ToString(), used.Tls, used.CipherSuite);
        var began = response.Timing.Began;
        Attempts =
        [
            .. response.Timing.Attempts.Select(attempt => new FetchAttempt(
                attempt.To.ToString(),
                (attempt.Began - began).TotalMicroseconds,
                attempt.Ended is { } ended ? (ended - began).TotalMicroseconds : null,
                attempt.Error is { } error ? Sockets.Errno.NameOf(error) : null,
                attempt.IsTaken
            )),
        ];
        ResumedFrom = have > 0 ? have : null;
        MayHelpToRetry = response.Status is 408 or 429 or 500 or 502 or 503 or 504;
        if (
            double.TryParse(
                response.Fields["Retry-After"],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var wait
            )
        )
            RetryAfter = wait;
    }

    public void Finish(ClientResponse response, Instant began, Instant now, FetchSink sink)
    {
        var timing = response.Timing;
        Times = new(
            Since(timing.Resolved),
            Since(timing.Connected),
            Since(timing.Secured),
            Since(timing.Sent),
            Since(timing.HeadArrived),
            Since(now)!.Value
        );
        (BytesReceived, Unpacked) = (response.BytesRead, response.Decoded);
        Close(sink);

        double? Since(Instant? at) => at is { } then ? (then - began).TotalMicroseconds : null;
    }

    public void Fail(FetchFailedException failure, Instant began, Instant now, FetchSink sink)
    {
        Fail($"{failure.Url.Href}: {failure.Why}", began, now, sink);
        FailedAt = failure.Step.ToString().ToLowerInvariant();
        MayHelpToRetry =
            failure.Step is not (FetchStep.Secure or FetchStep.Tunnel) && failure.Error is not SocketError.HostNotFound;
    }

    public void Fail(string why, Instant began, Instant now, FetchSink sink)
    {
        Error = why;
        Times = new(null, null, null, null, null, (now - began).TotalMicroseconds);
        Close(sink);
    }

    private void Close(FetchSink sink)
    {
        (Bytes, Sha256) = (sink.Length, sink.Length > 0 ? sink.Sha256() : null);
        if (sink.Kept is not { } kept)
            return;
        try
        {
            Text = s_strict.GetString(kept);
        }
        catch (DecoderFallbackException)
        {
            Base64 = Convert.ToBase64String(kept);
        }
    }
}

internal sealed record FetchField(string Name, string Value);

/// <summary>An address that was tried, in microseconds since the exchange began.</summary>
internal sealed record FetchAttempt(string To, double BeganUs, double? EndedUs, string? Error, bool Taken);

/// <summary>When each step of the last exchange was over, in microseconds since the fetch began.</summary>
internal sealed record FetchTimes(
    double? NameUs,
    double? ConnectUs,
    double? TlsUs,
    double? SentUs,
    double? FirstByteUs,
    double TotalUs
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(FetchReport))]
internal sealed partial class FetchJson : JsonSerializerContext;

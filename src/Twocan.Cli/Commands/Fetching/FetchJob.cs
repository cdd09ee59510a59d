using Twocan.Core;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>One URL of a <c>fetch</c>: asked for, again where that may help, and its body brought to where it belongs.</summary>
internal sealed class FetchJob(FetchOptions options, Invocation call, FetchPlan plan, Session session, WebClient client)
{
    /// <summary>curl's: from here on the server is asked whether it wants the body at all.</summary>
    private const long LongBody = 1024 * 1024;
    private const int LongestWait = 600;

    private readonly EventLoop _loop = session.Network.Loop;

    public async Task<FetchReport> RunAsync(int index, CancellationToken stop)
    {
        var url = plan.Urls[index];
        using var sink = FetchSink.Open(call, plan.Outputs[index], plan.Resumes, url);
        for (var attempt = 0; ; attempt++)
        {
            var report = await TryAsync(url, sink, stop);
            if (!report.MayHelpToRetry || attempt >= call.Get(options.Retry))
            {
                sink.End(report.Error is null);
                report.KeptBytes = report.Error is null || sink.File is null ? null : sink.Length;
                return report;
            }
            var wait = Duration.FromSeconds(Math.Min(report.RetryAfter ?? Math.Pow(2, attempt), LongestWait));
            if (!call.Json && !call.Get(options.Silent))
                call.Terminal.Note(
                    call.Terminal.Say(
                        $"{report.Error ?? $"{url.Href}: {report.Status}"}; again in {wait}",
                        $"{report.Error ?? $"{url.Href}: {report.Status}"}. {wait} 뒤에 다시 해 봅니다"
                    )
                );
            await _loop.DelayAsync(wait, stop);
        }
    }

    private async Task<FetchReport> TryAsync(Url url, FetchSink sink, CancellationToken stop)
    {
        var talk = new FetchTalk(options, call, sink);
        var resumption = sink.Resumption;
        var report = new FetchReport
        {
            Url = url.Href,
            Method = plan.Method,
            File = sink.File,
        };
        var began = _loop.Now;
        try
        {
            using var response = await client.SendAsync(RequestOf(url, resumption, talk), default, stop);
            report.Take(response, resumption.Have);
            await BringAsync(response, sink, resumption, report, stop);
            report.Finish(response, began, _loop.Now, sink);
        }
        catch (FetchFailedException failure)
        {
            report.Fail(failure, began, _loop.Now, sink);
        }
        catch (IOException failure)
        {
            report.Fail(failure.Message, began, _loop.Now, sink);
        }
        return report;
    }

    private ClientRequest RequestOf(Url url, Resumption resumption, FetchTalk talk)
    {
        var fields = resumption.AddTo(plan.Fields.Clone());
        var body = plan.Body.Make(session, fields, call.OnHost);
        if (plan.CookieField is { } cookies)
        {
            var kept = plan.Jar?.FieldFor(url, _loop.UtcNow);
            fields.Add("Cookie", kept is null ? cookies : $"{kept}; {cookies}");
        }
        return new(url)
        {
            Method = plan.Method,
            Fields = fields,
            Body = body,
            Credentials = plan.Credentials,
            ExpectsContinue = body is not null && body.Length is null or > LongBody,
            Watcher = talk,
        };
    }

    private async Task BringAsync(
        ClientResponse response,
        FetchSink sink,
        Resumption resumption,
        FetchReport report,
        CancellationToken stop
    )
    {
        var isError = response.Status >= 400;
        if (isError && (call.Get(options.Fail) || resumption.Have > 0))
        {
            if (resumption.Judge(response.Head) == ResumeVerdict.Complete)
                return;
            report.Error = $"{response.Url.Href}: {response.Status} {response.Head.Reason}";
            return;
        }
        if (plan.Method == Methods.Head)
            return;
        switch (resumption.Judge(response.Head))
        {
            case ResumeVerdict.Unfit:
                report.Error =
                    $"{response.Url.Href}: the server did not send the rest, from byte {resumption.Have} on ({response.Status} {response.Head.Reason})";
                return;
            case ResumeVerdict.StartOver when resumption.Have > 0:
                report.ResumedFrom = null;
                sink.StartOver();
                break;
        }
        // Where a later attempt goes on.
        sink.Validator = Resumption.ValidatorOf(response.Fields);
        var whole = response.Decoded is null ? sink.Length + response.BodyLength : null;
        using var meter = FetchMeter.Begin(call, options, sink, whole, _loop);
        var (pace, buffer) = (new Pace(_loop, plan.RatePerSecond), new byte[64 * 1024]);
        while (await response.Body.ReadAsync(buffer.AsMemory(0, pace.Most(buffer.Length)), stop) is > 0 and var length)
        {
            sink.Write(buffer.AsSpan(0, length));
            meter?.Show(sink.Length);
            await pace.TakeAsync(length, stop);
        }
    }

    /// <summary>--limit-rate: who reads slowly is sent to slowly, that is what TCP's window is for.</summary>
    private sealed class Pace(EventLoop loop, double? perSecond)
    {
        private readonly Instant _began = loop.Now;
        private long _taken;

        /// <summary>No more than a tenth of a second's worth at once.</summary>
        public int Most(int buffer) => perSecond is { } rate ? (int)Math.Clamp(rate / 10, 1, buffer) : buffer;

        public async ValueTask TakeAsync(int length, CancellationToken stop)
        {
            _taken += length;
            if (perSecond is { } rate && _began + Duration.FromSeconds(_taken / rate) is var due && due > loop.Now)
                await loop.DelayUntilAsync(due, stop);
        }
    }
}

using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// The beginning that all good answers have: status line, Date, Server. It is made anew when the second has changed, and
/// not for each answer.
/// </summary>
internal sealed class StatusLine(EventLoop loop, string? software)
{
    private byte[] _bytes = [];
    private Instant _nextSecond;

    public ReadOnlySpan<byte> Ok(Instant now)
    {
        if (now >= _nextSecond)
            Make(now);
        return _bytes;
    }

    private void Make(Instant now)
    {
        var date = loop.ToDate(now);
        _nextSecond = now + TimeSpan.FromTicks(TimeSpan.TicksPerSecond - date.Ticks % TimeSpan.TicksPerSecond);
        var server = software is null ? "" : $"Server: {software}\r\n";
        _bytes = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nDate: {HttpDate.Format(date)}\r\n{server}");
    }
}

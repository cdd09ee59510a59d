using System.Diagnostics;
using System.Text.Json;
using Twocan.Core;

namespace Twocan.Cli.Tests;

/// <summary>peer.py in a namespace: told in lines of JSON, and heard on the world's loop.</summary>
internal sealed class KernelPeer : IDisposable
{
    private readonly EventLoop _loop;
    private readonly Process _process;
    private readonly Signal _said;
    private readonly Dictionary<int, CellEnd> _ends = [];
    private readonly HashSet<int> _ready = [];
    private HashSet<string>? _congestion;
    private string? _failure;

    /// <param name="settings">Of the namespace: <c>tcp_sack=0</c>.</param>
    public KernelPeer(EventLoop loop, string netns, IEnumerable<string> settings)
    {
        (_loop, _said) = (loop, new(loop, "test", "peer.py"));
        var start = new ProcessStartInfo(
            "ip",
            [
                "netns",
                "exec",
                netns,
                "python3",
                Path.Combine(AppContext.BaseDirectory, "Linux", "Matrix", "peer.py"),
                .. settings,
            ]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _ = Task.Run(Listen);
    }

    /// <summary>The congestion controls that this kernel lets a program choose.</summary>
    public async Task<IReadOnlySet<string>> CongestionAsync()
    {
        while (_congestion is null)
            await WaitAsync();
        return _congestion;
    }

    /// <summary>The kernel's end of a cell begins; if it is to listen, it does when this is over.</summary>
    public async Task BeginAsync(int id, Cell cell, ushort port, IpAddress us)
    {
        var order = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = id,
            ["port"] = port,
            ["count"] = cell.Count,
            ["at_once"] = cell.AtOnce,
            ["congestion"] = cell.Congestion,
            ["steps"] = cell.Kernel.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
        if (cell.KernelConnects)
            order["connect"] = $"{us}";
        Say(order);
        while (!cell.KernelConnects && !_ready.Contains(id))
            await WaitAsync();
    }

    public bool IsOver(int id) => _ends.ContainsKey(id);

    /// <summary>What the kernel's end came to; null until it is over.</summary>
    public CellEnd? EndOf(int id) => _ends.GetValueOrDefault(id);

    /// <summary>Our end has given up and the kernel cannot know: it would wait for ever.</summary>
    public void Abandon(int id) => Say(new SortedDictionary<string, object> { ["abandon"] = id });

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Say(SortedDictionary<string, object> order)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(order));
        _process.StandardInput.Flush();
    }

    private async Task WaitAsync()
    {
        if (_failure is not null)
            throw new InvalidOperationException($"peer.py has ended: {_failure}");
        await _said.WaitAsync();
    }

    private void Listen()
    {
        var error = _process.StandardError.ReadToEndAsync();
        while (_process.StandardOutput.ReadLine() is { } line)
            _loop.PostFromOutside(() => Hear(JsonDocument.Parse(line).RootElement));
        var failure = error.Result;
        _loop.PostFromOutside(() =>
        {
            _failure = failure;
            _said.Set();
        });
    }

    private void Hear(JsonElement said)
    {
        if (said.TryGetProperty("congestion", out var names))
            _congestion = [.. names.EnumerateArray().Select(name => name.GetString()!)];
        else if (said.TryGetProperty("ready", out _))
            _ready.Add(said.GetProperty("id").GetInt32());
        else
            _ends[said.GetProperty("id").GetInt32()] = Read(said);
        _said.Set();
    }

    private static CellEnd Read(JsonElement said)
    {
        var end = new CellEnd
        {
            Sent = said.GetProperty("sent").GetInt64(),
            Received = said.GetProperty("received").GetInt64(),
            Wrong = said.GetProperty("wrong").GetString(),
        };
        foreach (var one in said.GetProperty("ends").EnumerateObject())
            end.Ends[one.Name] = one.Value.GetInt32();
        return end;
    }
}

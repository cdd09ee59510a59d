using System.Diagnostics;

namespace Twocan.Bench;

/// <summary>What a stretch of work cost this process: processor time on all its threads, and bytes from the collected heap.</summary>
internal sealed class CpuMeter
{
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly TimeSpan _cpu;
    private readonly long _allocated;

    public CpuMeter()
    {
        GC.Collect();
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _cpu = _process.TotalProcessorTime;
    }

    public Cost Stop()
    {
        _process.Refresh();
        var cpu = _process.TotalProcessorTime - _cpu;
        return new(cpu.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - _allocated);
    }
}

internal readonly record struct Cost(double CpuSeconds, long Allocated);

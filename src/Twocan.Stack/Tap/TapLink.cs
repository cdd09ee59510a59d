using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// A TAP device as a link: frames from the kernel go to <see cref="Receiver"/>, frames to the kernel are checked and
/// stripped of their check sequence, as an adapter's hardware does it. Many frames a wake-up, but not for ever: the rest of the
/// loop has its turn in between.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class TapLink : ILink, IDisposable
{
    private const int FramesPerTurn = 64;

    private readonly EventLoop _loop;
    private readonly TapDevice _device;
    private readonly IWatch _watch;
    private readonly Coalescing _coalescing;
    private bool _isFlushDue;
    private bool _isClosed;

    /// <param name="loop">One that runs in real time, on <see cref="LinuxDriver"/>.</param>
    public TapLink(EventLoop loop, TapDevice device, int mtu = 1500)
    {
        (_loop, _device, Mtu) = (loop, device, mtu);
        (_coalescing, Coalesces) = (new(loop.Packets), device.Offloads);
        _watch = loop.Driver is LinuxDriver driver
            ? driver.Watch(device.Descriptor, OnReady)
            : throw new ArgumentException("A TAP device needs a loop in real time.", nameof(loop));
    }

    public string Name => _device.Name;

    public int Mtu { get; }

    public bool TakesOffload => _device.Offloads;

    /// <summary>
    /// Small segments that go to the kernel in one turn of the loop are handed over as one, as an adapter's driver would do it
    /// (GRO): what a call and the kernel's TCP cost is spent once for all of them. Linux's own tcpdump then shows large ones.
    /// </summary>
    public bool Coalesces { get; init; }

    /// <summary>Who gets what the kernel sends; nobody yet when null.</summary>
    public IFrameReceiver? Receiver { get; set; }

    /// <summary>Frames that the kernel took.</summary>
    public long FramesToKernel { get; private set; }

    /// <summary>Frames that were damaged on their way here.</summary>
    public long FrameCheckFailures { get; private set; }

    /// <summary>Frames that the kernel did not take: its adapter is switched off, or it has no memory.</summary>
    public long FramesRefused { get; private set; }

    public long FramesFromKernel { get; private set; }

    public void Transmit(PacketBuffer frame)
    {
        var length = frame.Length - EthernetHeader.FcsLength;
        if (
            _isClosed
            || length < EthernetHeader.Length
            || (!frame.LacksChecks && !EthernetHeader.HasRightCheck(frame.Span))
        )
        {
            FrameCheckFailures++;
            frame.Dispose();
            return;
        }
        frame.Truncate(length);
        if (Coalesces)
            Coalesce(frame);
        else
            Write(frame);
    }

    private void Coalesce(PacketBuffer frame)
    {
        _coalescing.Add(frame);
        WriteReady();
        if (_isFlushDue || !_coalescing.IsHolding)
            return;
        _isFlushDue = true;
        _loop.Post(static link => ((TapLink)link!).Flush(), this);
    }

    private void Flush()
    {
        _isFlushDue = false;
        _coalescing.Flush();
        WriteReady();
    }

    private void WriteReady()
    {
        while (_coalescing.TryTake(out var frame))
        {
            if (_isClosed)
                frame.Dispose();
            else
                Write(frame);
        }
    }

    private void Write(PacketBuffer frame)
    {
        if (!TapDevice.HasRoom(frame))
            frame = WithRoom(frame);
        if (_device.TryWrite(frame))
            FramesToKernel++;
        else
            FramesRefused++;
        frame.Dispose();
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _watch.Dispose();
        _device.Dispose();
    }

    private void OnReady(Readiness ready)
    {
        if ((ready & Readiness.Read) != Readiness.None)
            ReadSome();
    }

    private void ReadSome()
    {
        for (var i = 0; i < FramesPerTurn; i++)
        {
            if (_isClosed || !_device.TryRead(_loop.Packets, Mtu, out var frame))
                return;
            FramesFromKernel++;
            Deliver(frame);
        }
        _loop.Post(static link => ((TapLink)link!).ReadSome(), this);
    }

    private void Deliver(PacketBuffer frame)
    {
        if (Receiver is not { } receiver)
            frame.Dispose();
        else if (frame.SegmentSize > 0 && !receiver.TakesOffload)
            DeliverSegments(frame, receiver);
        else
        {
            if (!receiver.TakesOffload)
                PacketChecks.FinishFrame(frame);
            receiver.Receive(frame);
        }
    }

    /// <summary>Behind the device there is a wire: what the kernel has left to its adapter is done here.</summary>
    private void DeliverSegments(PacketBuffer frame, IFrameReceiver receiver)
    {
        frame.Truncate(frame.Length - EthernetHeader.FcsLength);
        var segments = new Segmentation(frame, _loop.Packets, EthernetHeader.Length);
        while (segments.TryNext(out var segment))
        {
            EthernetHeader.CloseFrame(segment);
            receiver.Receive(segment);
        }
        frame.Dispose();
    }

    private PacketBuffer WithRoom(PacketBuffer frame)
    {
        var roomier = _loop.Packets.Rent(frame.Length);
        roomier.Append(frame.Span);
        roomier.Inherit(frame);
        frame.Dispose();
        return roomier;
    }
}

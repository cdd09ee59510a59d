namespace Twocan.Core.Tests;

/// <summary>A whole capture as the reader gives it, each packet with bytes of its own.</summary>
internal sealed record ReadCapture(
    IReadOnlyList<CapturedPacket> Packets,
    IReadOnlyList<CaptureInterface> Interfaces,
    CaptureEnd End,
    string? Problem,
    string? Application
)
{
    public static ReadCapture Of(byte[] bytes) => Of(new MemoryStream(bytes));

    public static ReadCapture Of(CaptureBuilder builder) => Of(builder.ToArray());

    public static ReadCapture Of(Stream stream)
    {
        using var reader = new CaptureReader(stream);
        var packets = new List<CapturedPacket>();
        while (reader.TryRead(out var packet))
            packets.Add(packet with { Bytes = packet.Bytes.ToArray() });
        Assert.False(reader.TryRead(out _));
        Assert.NotEqual(CaptureEnd.NotYet, reader.End);
        Assert.Equal(reader.End == CaptureEnd.Whole, reader.Problem is null);
        return new(packets, reader.Interfaces, reader.End, reader.Problem, reader.Application);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Twocan.Core;

/// <summary>Which buffers of a watched pool are out; with places, where each was taken and given back: a stack trace each time.</summary>
internal sealed class PacketWatch(bool places)
{
    private const int MaxDescribed = 20;

    /// <summary>A buffer that was given back is filled with this, so that bytes kept from it are seen to be wrong.</summary>
    private const byte Dead = 0xDD;

    private readonly Dictionary<PacketBuffer, Taken> _out = [];
    private long _number;

    public void OnRent(PacketBuffer buffer) => _out.Add(buffer, new(++_number, buffer.History = Here("taken")));

    public void OnReturn(PacketBuffer buffer)
    {
        _out.Remove(buffer);
        buffer.History += Here("given back");
        buffer.Fill(Dead);
    }

    public string Tell(PacketBuffer buffer) =>
        $"This packet buffer was given back to its pool already; whoever has it now is not its owner.{buffer.History}";

    public string DescribeOutstanding()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{_out.Count} packet {(_out.Count == 1 ? "buffer is" : "buffers are")} out"
        );
        foreach (var taken in _out.Values.OrderBy(taken => taken.Number).Take(MaxDescribed))
            text.Append(CultureInfo.InvariantCulture, $"\n#{taken.Number}:{taken.Where}");
        if (_out.Count > MaxDescribed)
            text.Append(CultureInfo.InvariantCulture, $"\nand {_out.Count - MaxDescribed} more");
        return text.ToString();
    }

    private string Here(string what) =>
        places ? $"\n  {what}\n{new StackTrace(skipFrames: 3, fNeedFileInfo: false)}" : "";

    private readonly record struct Taken(long Number, string Where);
}

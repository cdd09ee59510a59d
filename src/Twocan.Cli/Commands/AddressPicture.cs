using System.Text;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>Addresses one under the other, digit by digit, with a line where the mask cuts: bits for IPv4, hex digits for IPv6.</summary>
internal sealed class AddressPicture(AddressExplanation it, Terminal terminal)
{
    private const char Cut = '│';
    private readonly bool _isV4 = it.Address.IsV4;
    private readonly int _textWidth = new[] { it.Address, it.Subnet.Mask, it.Broadcast ?? it.Address }.Max(address =>
        CellWidth.Of(address.ToString())
    );

    private int LabelWidth => _isV4 ? 14 : 10;

    /// <summary>In digits: a hex digit stands for four bits, and the cut may fall inside one.</summary>
    private int CutAt => _isV4 ? it.PrefixLength : it.PrefixLength / 4;

    private int GroupLength => _isV4 ? 8 : 4;

    public static string Bits(IpAddress address) =>
        address.IsV4 ? $"{address.AsV4:b32}" : $"{(ulong)(address.Bits >> 64):b64}{(ulong)address.Bits:b64}";

    public void Row(string label, IpAddress address)
    {
        var (network, host) = Split(address);
        terminal.Line(
            $"  {Pad(label, LabelWidth)}  {Pad(address.ToString(), _textWidth)}  {network:address}{Cut}{host:number}"
        );
    }

    /// <summary>The line below that names the two parts.</summary>
    public void Ruler()
    {
        var (network, host) = Split(it.Address);
        var left = Span(network.Length, it.PrefixLength, terminal.Say("network", "네트워크"));
        var right = Span(host.Length, it.HostBits, terminal.Say("host", "호스트"));
        terminal.Line($"{Pad("", LabelWidth + _textWidth + 6)}{left:address}┴{right:number}");
    }

    private static string Pad(string text, int width) =>
        text + new string(' ', Math.Max(0, width - CellWidth.Of(text)));

    private string Span(int width, int bits, string name)
    {
        var label = new[]
        {
            $" {name}, {terminal.Say($"{bits} bits", $"{bits}비트")} ",
            $" {name} {bits} ",
            $" {bits} ",
            $"{bits}",
            "",
        }.First(text => CellWidth.Of(text) <= Math.Max(width, 0));
        var left = (width - CellWidth.Of(label)) / 2;
        return new string('─', left) + label + new string('─', width - left - CellWidth.Of(label));
    }

    private (string Network, string Host) Split(IpAddress address)
    {
        var digits = _isV4 ? Bits(address) : $"{address.Bits:x32}";
        var (network, host) = (new StringBuilder(), new StringBuilder());
        for (var index = 0; index < digits.Length; index++)
        {
            var part = index < CutAt ? network : host;
            if (index % GroupLength == 0 && part.Length > 0)
                part.Append(_isV4 ? ' ' : ':');
            part.Append(digits[index]);
        }
        return (network.ToString(), host.ToString());
    }
}

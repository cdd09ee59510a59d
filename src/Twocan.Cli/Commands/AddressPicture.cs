using System.Text;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary>Addresses one under the other, digit by digit, with a line where the mask cuts: bits for IPv4, hex digits for IPv6.</summary>
internal sealed class AddressPicture(AddressExplanation it, Terminal terminal)
{
    private const char Cut = '│';
    private readonly bool _isV4 = it.Address.IsV4;
    private readonly int _textWidth = new[] { it.Address, it.Subnet.Mask, it.Broadcast ?? it.Address }.Max(address =>
        TextWidth.Of(address.ToString())
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
            $"  {TextWidth.PadRight(label, LabelWidth)}  {TextWidth.PadRight(address.ToString(), _textWidth)}  "
                + terminal.Paint(network, Ink.Cyan)
                + Cut
                + terminal.Paint(host, Ink.Yellow)
        );
    }

    /// <summary>The line below that names the two parts.</summary>
    public void Ruler()
    {
        var (network, host) = Split(it.Address);
        var networkName = terminal.Say("network", "네트워크");
        var hostName = terminal.Say("host", "호스트");
        terminal.Line(
            new string(' ', LabelWidth + _textWidth + 6)
                + terminal.Paint(Span(network.Length, it.PrefixLength, networkName), Ink.Cyan)
                + '┴'
                + terminal.Paint(Span(host.Length, it.HostBits, hostName), Ink.Yellow)
        );
    }

    private string Span(int width, int bits, string name)
    {
        var label = new[]
        {
            $" {name}, {terminal.Say($"{bits} bits", $"{bits}비트")} ",
            $" {name} {bits} ",
            $" {bits} ",
            $"{bits}",
            "",
        }.First(text => TextWidth.Of(text) <= Math.Max(width, 0));
        var left = (width - TextWidth.Of(label)) / 2;
        return new string('─', left) + label + new string('─', width - left - TextWidth.Of(label));
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

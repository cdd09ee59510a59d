using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Explorer.Tests;

public sealed class DissectorTests
{
    [Fact]
    public void An_arp_question_names_the_asker_and_the_asked()
    {
        var arp = KnownFrames.Dissect(KnownFrames.ArpRequest);
        Assert.Equal("ARP", arp.Protocol);
        Assert.Equal("Who has 10.11.12.1? Tell 10.11.12.13", arp.Summary);
        Assert.Equal("02:00:00:00:01:01", arp.Source);
        Assert.Equal("ff:ff:ff:ff:ff:ff", arp.Destination);
        Assert.Equal("18 bytes", arp.Find("Ethernet trailer", "Padding")?.Value);
    }

    [Fact]
    public void A_syn_shows_its_numbers_and_its_mss()
    {
        var syn = KnownFrames.Dissect(KnownFrames.Syn);
        Assert.Equal(("TCP", "10.11.12.13", "192.0.2.226"), (syn.Protocol, syn.Source, syn.Destination));
        Assert.Equal(new TcpFacts(49152, 80, 1000, 0, "SYN", 65535, 0), syn.Tcp);
        Assert.Equal("1460", syn.Find("TCP", "Option: MSS")?.Value);
    }

    [Fact]
    public void A_request_is_read_to_its_blank_line()
    {
        var get = KnownFrames.Dissect(KnownFrames.Get);
        Assert.Equal("HTTP", get.Protocol);
        Assert.Equal(new HttpFacts("GET", "/sample1.htm", 0), get.Http);
        Assert.Equal("GET /sample1.htm HTTP/1.1", get.Summary);
        Assert.Equal("www.lab.cyber.co.kr", get.Find("HTTP", "Host")?.Value);
        Assert.NotNull(get.Find("HTTP", "Blank line"));
    }

    [Fact]
    public void A_response_is_a_head_and_a_body()
    {
        var ok = KnownFrames.Dissect(KnownFrames.Ok);
        Assert.Equal(200, ok.Http?.Status);
        Assert.Equal("5 bytes", ok.Find("HTTP body", "Data")?.Value);
    }

    [Fact]
    public void A_query_names_what_it_asks_for()
    {
        var query = KnownFrames.Dissect(KnownFrames.Query);
        Assert.Equal(new DnsFacts(0xBEEF, false, "www.lab.cyber.co.kr", "A", "NOERROR", 0), query.Dns);
    }

    [Fact]
    public void An_answer_s_compressed_names_are_written_out()
    {
        var answer = KnownFrames.Dissect(KnownFrames.Answer);
        Assert.Equal(new DnsFacts(0xBEEF, true, "www.lab.cyber.co.kr", "A", "NOERROR", 2), answer.Dns);
        Assert.EndsWith("CNAME w2.lab.cyber.co.kr, A 192.0.2.226", answer.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void An_echo_request_is_one()
    {
        Assert.Equal("Echo request id=7 seq=1", KnownFrames.Dissect(KnownFrames.Ping).Summary);
    }

    [Fact]
    public void A_first_fragment_is_not_taken_for_a_broken_datagram()
    {
        var frame = Convert.FromHexString(KnownFrames.Query);
        frame[20] = 0x20; // more fragments
        frame.AsSpan(24, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), InternetChecksum.Of(frame.AsSpan(14, 20)));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - 4), Crc32.Of(frame.AsSpan(..^4)));
        var fragment = Dissector.Read(frame);
        Assert.Null(fragment.Problem);
        Assert.Equal("IPv4", fragment.Protocol);
    }

    [Fact]
    public void Known_frames_have_nothing_wrong_with_them()
    {
        foreach (var frame in KnownFrames.All)
            Assert.Null(KnownFrames.Dissect(frame).Problem);
    }

    [Fact]
    public void The_layers_cover_every_byte_of_the_frame_once()
    {
        foreach (var frame in KnownFrames.All)
        {
            var dissection = KnownFrames.Dissect(frame);
            var at = 0;
            foreach (var layer in dissection.Layers)
            {
                Assert.Equal(at, layer.Offset);
                at += layer.Length;
            }
            Assert.Equal(dissection.Frame.Length, at);
        }
    }

    [Fact]
    public void Each_field_lies_inside_its_layer_and_says_its_meaning_in_both_languages()
    {
        foreach (var layer in KnownFrames.All.SelectMany(frame => KnownFrames.Dissect(frame).Layers))
        {
            Assert.All(
                layer.Fields,
                field =>
                {
                    Assert.InRange(field.Offset, layer.Offset, layer.Offset + layer.Length);
                    Assert.InRange(field.Offset + field.Length, layer.Offset, layer.Offset + layer.Length);
                    Assert.NotEmpty(field.Meaning.In(Language.English));
                    Assert.NotEmpty(field.Meaning.In(Language.Korean));
                }
            );
        }
    }

    [Fact]
    public void One_flipped_bit_anywhere_is_noticed()
    {
        foreach (var hex in KnownFrames.All)
        {
            var frame = Convert.FromHexString(hex);
            for (var bit = 0; bit < frame.Length * 8; bit += 5)
            {
                frame[bit / 8] ^= (byte)(1 << bit % 8);
                Assert.NotNull(Dissector.Read(frame).Problem);
                frame[bit / 8] ^= (byte)(1 << bit % 8);
            }
        }
    }

    [Fact]
    public void Whatever_a_frame_contains_it_is_read_without_an_exception()
    {
        var random = new RandomSource(11);
        for (var round = 0; round < 20_000; round++)
        {
            var frame = Convert.FromHexString(KnownFrames.All[random.Next(KnownFrames.All.Count)]);
            for (var change = random.Next(1, 6); change > 0; change--)
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            var cut = random.Chance(0.3) ? random.Next(frame.Length + 1) : frame.Length;
            var dissection = Dissector.Read(frame.AsMemory(0, cut));
            Assert.NotNull(dissection.Summary);
        }
    }
}

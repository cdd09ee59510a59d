using Twocan.Core;

namespace Twocan.Dns.Tests;

/// <summary>Whatever the network brings: an answer of true or false, never an exception, never a hang.</summary>
public sealed class HostileBytesTests
{
    private const int Inputs = 1_000_000;

    [Fact]
    public void A_million_mutated_messages_are_read_or_refused()
    {
        var random = new RandomSource(2020);
        var seeds = Enumerable.Range(0, 32).Select(_ => Seed(random)).ToArray();
        var buffer = new byte[1024];
        var (read, refused) = (0, 0);
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = Mutate(seeds[random.Next(seeds.Length)], buffer, random);
            if (DnsMessage.TryRead(bytes, out var message))
            {
                read++;
                if (i % 50 == 0)
                    CheckRoundTrip(message);
            }
            else
                refused++;
        }
        Assert.True(read > Inputs / 100 && refused > Inputs / 100);
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        var random = new RandomSource(7);
        var buffer = new byte[96];
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = buffer.AsSpan(0, random.Next(buffer.Length));
            random.Fill(bytes);
            // Few records, so that the sections themselves are reached.
            for (var at = 4; at < Math.Min(12, bytes.Length); at += 2)
                (bytes[at], bytes[Math.Min(at + 1, bytes.Length - 1)]) = (0, (byte)random.Next(3));
            if (DnsMessage.TryRead(bytes, out var message))
                _ = message.ToString();
        }
    }

    [Fact]
    public void A_name_server_answers_any_message_that_can_be_read()
    {
        var zone = Zones.Parse(
            "c",
            "$TTL 60\n@ SOA a b 1 1 1 1 60\n@ NS ns\nns A 10.0.0.1\nb NS ns.b\n*.w TXT x\nal CNAME al"
        );
        var authority = new Authority([zone]);
        var random = new RandomSource(5);
        var seed = DnsMessage.Query(1, new(DomainName.Parse("a.b.c"), RecordType.A), recursionDesired: true).ToBytes();
        var buffer = new byte[1024];
        for (var i = 0; i < 50_000; i++)
        {
            if (!DnsMessage.TryRead(Mutate(seed, buffer, random), out var query))
                continue;
            var response = authority.Answer(query).Message.ToBytes(512);
            Assert.True(DnsMessage.TryRead(response, out var read));
            Assert.True(read.IsResponse);
        }
    }

    [Fact]
    public void Mutated_master_files_give_mistakes_with_places_inside_the_file()
    {
        const string Text = """
            $ORIGIN cyber.co.kr.
            $TTL 1h30m ; a comment
            @ IN SOA ns hostmaster ( 1 1h 15m
                1w 5m ) ; the end
              NS ns
            ns 60 IN A 192.0.2.1
            t TXT "a \" string" \065
            x TYPE65280 \# 2 abcd
            """;
        var random = new RandomSource(3);
        for (var i = 0; i < 20_000; i++)
        {
            var text = Text.ToCharArray();
            for (var n = random.Next(1, 6); n > 0; n--)
                text[random.Next(text.Length)] = "()\"\\;\n $@.09aZ\0é"[random.Next(16)];
            var errors = new List<ZoneError>();
            Zone.Parse(new string(text), DomainName.Parse("cyber.co.kr"), "f", errors);
            Assert.All(errors, error => Assert.True(error is { Line: >= 1 and <= 40, Column: >= 1 and <= 200 }));
        }
    }

    private static void CheckRoundTrip(DnsMessage message)
    {
        Assert.True(DnsMessage.TryRead(message.ToBytes(), out var again));
        Assert.Equal(message.ToString(), again.ToString());
    }

    private static byte[] Seed(RandomSource random) =>
        new DnsMessage
        {
            Id = random.NextUInt16(),
            Flags = DnsFlags.QR,
            Questions = [new(RandomMessages.Name(random), RecordType.A)],
            Answers = RandomMessages.Records(random, random.Next(4)),
            Authorities = RandomMessages.Records(random, random.Next(3)),
            Additionals = RandomMessages.Records(random, random.Next(3)),
            Edns = random.Chance(0.5) ? new(1232) : null,
        }.ToBytes();

    private static ReadOnlySpan<byte> Mutate(byte[] seed, byte[] buffer, RandomSource random)
    {
        seed.CopyTo(buffer, 0);
        var bytes = buffer.AsSpan(0, seed.Length);
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)(0xC0 | random.Next(2));
                    break;
                default:
                    bytes = bytes[..Math.Max(at, 1)];
                    break;
            }
        }
        return bytes;
    }
}

using Twocan.Core;

namespace Twocan.Dns.Tests;

/// <summary>Well-formed nonsense: records about a few names, in any section, with any flags.</summary>
internal static class RandomMessages
{
    private static readonly string[] Names = [".", "a", "c", "b.c", "a.b.c", "x.b.c", "n.c", "ns.b.c", "d", "n.d"];

    public static DnsMessage? Respond(OutgoingQuery query, RandomSource random)
    {
        if (random.Chance(0.1))
            return null;
        ReadOnlySpan<Rcode> rcodes = [Rcode.NoError, Rcode.NoError, Rcode.NoError, Rcode.NameError, Rcode.Refused];
        var flags =
            (random.Chance(0.5) ? DnsFlags.AA : DnsFlags.None) | (random.Chance(0.1) ? DnsFlags.TC : DnsFlags.None);
        return query.Message.Respond(
            rcodes[random.Next(rcodes.Length)],
            flags | (random.Chance(0.2) ? DnsFlags.RA : DnsFlags.None)
        ) with
        {
            Answers = Records(random, random.Next(3)),
            Authorities = Records(random, random.Next(4)),
            Additionals = Records(random, random.Next(4)),
        };
    }

    public static List<ResourceRecord> Records(RandomSource random, int count)
    {
        var records = new List<ResourceRecord>();
        while (records.Count < count)
        {
            RecordData data;
            RecordType type;
            switch (random.Next(5))
            {
                case 0:
                    (type, data) = (RecordType.A, new AddressData(IpAddress.V4(0x0A00_0000u + (uint)random.Next(3))));
                    break;
                case 1:
                    (type, data) = (RecordType.CNAME, new NameData(Name(random)));
                    break;
                case 2:
                    (type, data) = (
                        RecordType.SOA,
                        new StartOfAuthorityData(Name(random), Name(random), 1, 2, 3, 4, 5)
                    );
                    break;
                case 3:
                    (type, data) = (RecordType.TXT, new TextData(new byte[] { 1, (byte)random.Next(256) }));
                    break;
                default:
                    (type, data) = (RecordType.NS, new NameData(Name(random)));
                    break;
            }
            records.Add(new(Name(random), type, (uint)random.Next(3) * 60, data));
        }
        return records;
    }

    public static DomainName Name(RandomSource random) => DomainName.Parse(Names[random.Next(Names.Length)]);
}

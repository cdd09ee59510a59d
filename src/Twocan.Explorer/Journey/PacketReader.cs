using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>Finds the frames in the journal: where each was made, who passed it on, where it got to.</summary>
internal static class PacketReader
{
    public static List<Packet> Read(JournalIndex journal)
    {
        var packets = new List<Packet>();
        var byEvent = new Dictionary<EventId, Packet>();
        foreach (var entry in journal.Entries)
        {
            switch (entry.What)
            {
                case FrameSent sent:
                    var packet = new Packet(packets.Count + 1, entry, sent.Link, sent.From, sent.To, sent.Bytes)
                    {
                        PassesOn = PassedOn(journal, entry, byEvent),
                    };
                    packets.Add(packet);
                    byEvent.Add(entry.Id, packet);
                    break;
                case FrameArrived when byEvent.TryGetValue(entry.Because, out var arrived):
                    arrived.Arrived = entry.At;
                    break;
                case FrameLost lost when byEvent.TryGetValue(entry.Because, out var gone):
                    gone.Lost = $"{lost.Why}";
                    break;
                default:
                    break;
            }
        }
        return packets;
    }

    /// <summary>Only hubs, switches and routers pass on: between the two frames stand nothing but their own events.</summary>
    private static Packet? PassedOn(JournalIndex journal, JournalEntry sent, Dictionary<EventId, Packet> byEvent)
    {
        for (var entry = journal.Find(sent.Because); entry is not null; entry = journal.Find(entry.Because))
        {
            switch (entry.What)
            {
                case FrameSent:
                    return byEvent.GetValueOrDefault(entry.Id);
                case FrameArrived
                or IMediumEvent
                or HubRepeated
                or BusCarried
                or SwitchForwarded
                or SwitchLearned
                or AddressTranslated
                or PacketForwarded
                or NeighbourQueued:
                    continue;
                default:
                    return null;
            }
        }
        return null;
    }
}

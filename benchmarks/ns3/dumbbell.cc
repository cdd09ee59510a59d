// The peer of bench 'tcp': TCP transfers between ns-3 nodes. One flow: two nodes and a point-to-point link of 100 Mbit/s
// and 5 ms between them. More: a dumbbell, as many nodes on each side of two routers, by links of 1 Gbit/s and 100 µs, with
// one of 1 Gbit/s and 5 ms between the routers. Each flow carries so many bytes; arguments are BYTES and FLOWS.
// Prints the frames that went over all links, the processor time that the run took (getrusage), and the bytes that arrived.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

using namespace ns3;

static uint64_t frames;

static void
CountFrame(Ptr<const Packet>)
{
    frames++;
}

static double
CpuSeconds()
{
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
Join(PointToPointHelper& link, Ptr<Node> a, Ptr<Node> b)
{
    static Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.252");
    NetDeviceContainer devices = link.Install(a, b);
    addresses.Assign(devices);
    addresses.NewNetwork();
    for (uint32_t i = 0; i < devices.GetN(); i++)
        devices.Get(i)->TraceConnectWithoutContext("PhyTxEnd", MakeCallback(&CountFrame));
}

int
main(int argc, char* argv[])
{
    const uint64_t bytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 32 << 20;
    const uint32_t flows = argc > 2 ? std::atoi(argv[2]) : 1;
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1460));
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", StringValue("ns3::TcpNewReno"));

    NodeContainer senders, receivers;
    senders.Create(flows);
    receivers.Create(flows);
    InternetStackHelper stack;
    stack.Install(senders);
    stack.Install(receivers);
    PointToPointHelper link;
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    if (flows == 1)
    {
        link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        Join(link, senders.Get(0), receivers.Get(0));
    }
    else
    {
        NodeContainer routers;
        routers.Create(2);
        stack.Install(routers);
        link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        Join(link, routers.Get(0), routers.Get(1));
        link.SetChannelAttribute("Delay", StringValue("100us"));
        for (uint32_t i = 0; i < flows; i++)
        {
            Join(link, senders.Get(i), routers.Get(0));
            Join(link, receivers.Get(i), routers.Get(1));
        }
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    }

    const uint16_t port = 5001;
    ApplicationContainer sinks;
    for (uint32_t i = 0; i < flows; i++)
    {
        const Ipv4Address to = receivers.Get(i)->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
        BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(to, port));
        source.SetAttribute("MaxBytes", UintegerValue(bytes));
        source.SetAttribute("SendSize", UintegerValue(64 * 1024));
        source.Install(senders.Get(i));
        PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
        sinks.Add(sink.Install(receivers.Get(i)));
    }

    const double began = CpuSeconds();
    Simulator::Run();
    const double took = CpuSeconds() - began;
    uint64_t received = 0;
    for (uint32_t i = 0; i < flows; i++)
        received += DynamicCast<PacketSink>(sinks.Get(i))->GetTotalRx();
    std::printf("%llu %.6f %llu\n",
                static_cast<unsigned long long>(frames),
                took,
                static_cast<unsigned long long>(received));
    Simulator::Destroy();
}

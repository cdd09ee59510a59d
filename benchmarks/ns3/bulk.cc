// The peer of bench 'bulk': one TCP transfer between two ns-3 nodes over a point-to-point link of 100 Mbit/s and 5 ms.
// Prints the frames that went over the link, the processor time that the run took (getrusage), and the bytes that arrived.
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

int
main(int argc, char* argv[])
{
    const uint64_t bytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 32 << 20;
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1460));
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", StringValue("ns3::TcpNewReno"));

    NodeContainer nodes;
    nodes.Create(2);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    NetDeviceContainer devices = link.Install(nodes);
    for (uint32_t i = 0; i < devices.GetN(); i++)
        devices.Get(i)->TraceConnectWithoutContext("PhyTxEnd", MakeCallback(&CountFrame));

    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses;
    addresses.SetBase("10.0.0.0", "255.255.255.0");
    Ipv4InterfaceContainer interfaces = addresses.Assign(devices);

    const uint16_t port = 5001;
    BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(interfaces.GetAddress(1), port));
    source.SetAttribute("MaxBytes", UintegerValue(bytes));
    source.SetAttribute("SendSize", UintegerValue(64 * 1024));
    source.Install(nodes.Get(0));
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
    ApplicationContainer sinks = sink.Install(nodes.Get(1));

    const double began = CpuSeconds();
    Simulator::Run();
    const double took = CpuSeconds() - began;
    std::printf("%llu %.6f %llu\n",
                static_cast<unsigned long long>(frames),
                took,
                static_cast<unsigned long long>(DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx()));
    Simulator::Destroy();
}

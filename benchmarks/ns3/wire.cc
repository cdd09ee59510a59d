// The peer of bench 'wire': UDP packets of 1,000 bytes, one every 10 µs, from a host over two routers to another host;
// three point-to-point links of 1 Gbit/s and 100 µs, no queue discipline, checksums off (ns-3's default).
// Prints the frames that went over the links, the processor time that the run took (getrusage), and the bytes that arrived.
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

using namespace ns3;

static const uint32_t payload = 1000;
static const uint16_t port = 5001;
static uint64_t frames;
static uint64_t received;
static uint64_t left;

static void
CountFrame(Ptr<const Packet>)
{
    frames++;
}

static void
SendOne(Ptr<Socket> socket)
{
    socket->Send(Create<Packet>(payload));
    if (--left > 0)
        Simulator::Schedule(MicroSeconds(10), &SendOne, socket);
}

static void
Receive(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
        received += packet->GetSize();
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
    left = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100000;

    NodeContainer nodes;
    nodes.Create(4);
    InternetStackHelper().Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("100us"));
    Ipv4AddressHelper addresses;
    addresses.SetBase("10.0.1.0", "255.255.255.0");
    Ipv4InterfaceContainer interfaces;
    for (uint32_t i = 0; i + 1 < nodes.GetN(); i++)
    {
        NetDeviceContainer devices = link.Install(nodes.Get(i), nodes.Get(i + 1));
        interfaces = addresses.Assign(devices);
        addresses.NewNetwork();
        TrafficControlHelper().Uninstall(devices);
        for (uint32_t end = 0; end < devices.GetN(); end++)
            devices.Get(end)->TraceConnectWithoutContext("PhyTxEnd", MakeCallback(&CountFrame));
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    Ptr<Socket> sink = Socket::CreateSocket(nodes.Get(3), UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    sink->SetRecvCallback(MakeCallback(&Receive));
    Ptr<Socket> source = Socket::CreateSocket(nodes.Get(0), UdpSocketFactory::GetTypeId());
    source->Connect(InetSocketAddress(interfaces.GetAddress(1), port));
    Simulator::ScheduleWithContext(nodes.Get(0)->GetId(), MicroSeconds(10), &SendOne, source);

    const double began = CpuSeconds();
    Simulator::Run();
    const double took = CpuSeconds() - began;
    std::printf("%llu %.6f %llu\n",
                static_cast<unsigned long long>(frames),
                took,
                static_cast<unsigned long long>(received));
    Simulator::Destroy();
}

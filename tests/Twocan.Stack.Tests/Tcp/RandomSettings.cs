using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Each mechanism switched on or off as the seed has it.</summary>
internal static class RandomSettings
{
    private static readonly string[] CongestionControls = [Cubic.NameOf, Reno.NameOf, Bbr.NameOf];

    public static TcpSettings Draw(RandomSource random) =>
        new()
        {
            WindowScaling = random.Chance(0.7),
            Timestamps = random.Chance(0.7),
            Sack = random.Chance(0.7),
            DuplicateSack = random.Chance(0.8),
            Ecn = (EcnUse)random.Next(3),
            NoDelay = random.Chance(0.5),
            Cork = random.Chance(0.1),
            KeepAlive = random.Chance(0.2),
            KeepAliveTime = Duration.FromSeconds(random.Next(5, 100)),
            MaxSendBufferSize = random.Next(40_000, 200_000),
            Rack = random.Chance(0.7),
            TailLossProbe = random.Chance(0.7),
            ForwardRto = random.Chance(0.7),
            LimitedTransmit = random.Chance(0.8),
            RestartsAfterIdle = random.Chance(0.8),
            PathMtuProbing = random.Chance(0.5) ? PathMtuProbing.OnBlackHole : PathMtuProbing.Always,
            HyStart = random.Chance(0.7),
            CongestionControl = CongestionControls[random.Next(CongestionControls.Length)],
            InitialWindowSegments = random.Next(1, 20),
            MaxReceiveBufferSize = 1 << random.Next(10, 24),
        };
}

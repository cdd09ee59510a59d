using Twocan.Core;
using Twocan.Dns;
using Twocan.Proxy;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// <c>proxy:</c> with <c>memory:</c>, the bytes that its store holds, or <c>disk:</c>, a directory beside the world file,
/// with <c>limit:</c>; and <c>port:</c>. The store on disk outlives the world: its next run begins with what it has kept.
/// </summary>
internal static class ProxyService
{
    public static IProgram? Create(ServiceContext context)
    {
        var reader = context.Reader("a proxy");
        var memory = reader.Size("memory");
        var directory = reader.Text("disk");
        var limit = reader.Size("limit");
        var port = reader.Number("port", 1, ushort.MaxValue) ?? Port.HttpProxy.Number;
        reader.RefuseOthers();
        if (memory is not null && directory is not null)
            context.Error(context.Key, "a proxy keeps what it has either in memory or on disk: leave one of them out");
        if (limit is not null && directory is null)
            context.Error(context.Key, "'limit' is for a store on disk: write 'memory: 64 MiB' for one in memory");
        var options = new ProxyOptions
        {
            Listen = new(IpAddress.Any6, (ushort)port),
            OpenStore = directory is null
                ? () => new MemoryStore(memory ?? MemoryStore.DefaultLimit)
                : () => new DiskStore(Path.Combine(context.BaseDirectory, directory), limit ?? DiskStore.DefaultLimit),
        };
        return new CachingProxy(network => new StubResolver(network), options);
    }
}

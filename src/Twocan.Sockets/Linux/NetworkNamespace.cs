using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Twocan.Sockets;

/// <summary>
/// A named network namespace, as <c>ip netns</c> makes them: a network of its own inside the kernel, kept by a mount
/// under <c>/run/netns</c>. Which one a thread is in decides what its sockets, adapters and tables belong to.
/// </summary>
[SupportedOSPlatform("linux")]
public static class NetworkNamespace
{
    private const string Directory = "/run/netns";
    private const int Network = 0x4000_0000; // CLONE_NEWNET
    private const nuint Bind = 0x1000;
    private const nuint Recursive = 0x4000;
    private const nuint Shared = 0x10_0000;
    private const int Detach = 2;

    public static string PathOf(string name) => Path.Combine(Directory, name);

    public static bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Makes it, with nothing in it but a loopback adapter that is switched on. Needs CAP_SYS_ADMIN.</summary>
    public static void Create(string name)
    {
        ShareMounts();
        var path = PathOf(name);
        File.Create(path).Dispose();
        try
        {
            using (Stay())
            {
                Libc.Check(Libc.Unshare(Network), $"make the network namespace {name}");
                Libc.Check(
                    Libc.Mount("/proc/thread-self/ns/net", path, null, Bind, 0),
                    $"give the network namespace the name {name}"
                );
                HostAdapter.Find("lo")?.SwitchOn();
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Takes the name away; the namespace goes with the last process in it. False when it cannot be done.</summary>
    public static bool Delete(string name)
    {
        if (Libc.Unmount(PathOf(name), Detach) != 0 && Marshal.GetLastPInvokeError() != 22) // EINVAL: nothing is mounted there
            return false;
        try
        {
            File.Delete(PathOf(name));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The calling thread is in the namespace until the answer is disposed, on the same thread. Nothing may be awaited meanwhile.</summary>
    public static IDisposable Enter(string name)
    {
        var there = Libc.Check(
            Libc.Open(PathOf(name), Libc.ReadOnly | Libc.CloseOnExec, 0),
            $"the network namespace {name}"
        );
        try
        {
            var way = Stay();
            if (Libc.EnterNamespace(there, Network) == 0)
                return way;
            var error = Marshal.GetLastPInvokeError();
            way.Dispose();
            throw Libc.Failure(error, $"enter the network namespace {name}");
        }
        finally
        {
            _ = Libc.Close(there);
        }
    }

    /// <summary>Back to where the thread is now, when it is disposed.</summary>
    private static WayBack Stay() =>
        new(
            Libc.Check(
                Libc.Open("/proc/thread-self/ns/net", Libc.ReadOnly | Libc.CloseOnExec, 0),
                "this process's network namespace"
            )
        );

    /// <summary>Names are seen by every process, also by those that look at the mounts from elsewhere: as <c>ip netns add</c> arranges it.</summary>
    private static void ShareMounts()
    {
        System.IO.Directory.CreateDirectory(Directory);
        if (Libc.Mount("", Directory, "none", Shared | Recursive, 0) == 0)
            return;
        // It is no mount of its own yet.
        Libc.Check(Libc.Mount(Directory, Directory, "none", Bind | Recursive, 0), $"mount {Directory}");
        Libc.Check(Libc.Mount("", Directory, "none", Shared | Recursive, 0), $"mount {Directory}");
    }

    private sealed class WayBack(int descriptor) : IDisposable
    {
        private bool _isBack;

        public void Dispose()
        {
            if (_isBack)
                return;
            _isBack = true;
            var result = Libc.EnterNamespace(descriptor, Network);
            var error = Marshal.GetLastPInvokeError();
            _ = Libc.Close(descriptor);
            if (result != 0)
                throw new Win32Exception(error);
        }
    }
}

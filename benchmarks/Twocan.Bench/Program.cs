using System.Globalization;
using Twocan.Bench;

if (args is [KernelPeer.Word, ..])
    return KernelPeer.Run(args);
if (args is [HttpBench.ServeArgument, var root, var port])
    return HttpBench.Serve(root, port);
IReadOnlyList<IBench> all =
[
    new TcpBench(),
    new WireBench(),
    new CoreBench(),
    new TapBench(),
    new GridBench(Option("--svg"), Option("--table")),
    new HttpBench(),
    new HttpClientBench(),
];
var quick = args.Contains("--quick");
var json = args.Contains("--json");
var names = args.Where((argument, at) => !argument.StartsWith('-') && (at == 0 || !TakesFile(args[at - 1]))).ToList();

if (args.Any(argument => argument is "--help" or "-h"))
{
    Console.WriteLine(
        $"""
        Measures, with peers side by side in the same run.

          ./bench [NAME…] [--quick] [--json]

        {string.Join('\n', all.Select(bench => $"  {bench.Name, -11} {bench.About}"))}

          --quick    less work for each: tells whether it runs, and roughly how fast
          --svg FILE, --table FILE
                     of grid: draws it, writes all of it down
          --json     a line for each case: bench, case, unit, better, ours, peers, allocated_bytes_per_op

        Without a NAME all are run. What each counts, and how, is written in docs/benchmarks.md.
        """
    );
    return 0;
}
if (
    args.FirstOrDefault(argument =>
        argument.StartsWith('-') && argument is not ("--quick" or "--json") && !TakesFile(argument)
    ) is
    { } strange
)
    return Wrong($"knows no option '{strange}'; usage: ./bench [NAME…] [--quick] [--json]");
if (names.Find(name => all.All(bench => bench.Name != name)) is { } unknown)
    return Wrong($"there is no bench '{unknown}'; there are {string.Join(", ", all.Select(bench => bench.Name))}");
foreach (var bench in all.Where(bench => names.Count == 0 || names.Contains(bench.Name)))
{
    foreach (var result in bench.Run(quick))
        result.Write(json, CultureInfo.InvariantCulture);
}
return 0;

bool TakesFile(string argument) => argument is "--svg" or "--table";

string? Option(string name) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

int Wrong(string what)
{
    Console.Error.WriteLine($"bench: {what}");
    return 2;
}

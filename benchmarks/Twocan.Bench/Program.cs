using System.Globalization;
using Twocan.Bench;

var quick = args.Contains("--quick");
var json = args.Contains("--json");
var names = args.Where(argument => !argument.StartsWith('-')).ToList();
IReadOnlyList<IBench> all = [new BulkBench()];

if (args.FirstOrDefault(argument => argument.StartsWith('-') && argument is not ("--quick" or "--json")) is { } strange)
{
    Console.Error.WriteLine($"bench: knows no option '{strange}'; usage: ./bench [NAME…] [--quick] [--json]");
    return 2;
}
if (names.Find(name => all.All(bench => bench.Name != name)) is { } unknown)
{
    Console.Error.WriteLine(
        $"bench: there is no bench '{unknown}'; there are {string.Join(", ", all.Select(bench => bench.Name))}"
    );
    return 2;
}
foreach (var bench in all.Where(bench => names.Count == 0 || names.Contains(bench.Name)))
{
    foreach (var result in bench.Run(quick))
        result.Write(json, CultureInfo.InvariantCulture);
}
return 0;

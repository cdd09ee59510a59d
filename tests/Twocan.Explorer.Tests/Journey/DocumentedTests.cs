namespace Twocan.Explorer.Tests;

public sealed class DocumentedTests
{
    [Fact]
    public void Every_field_of_the_json_stands_in_the_document()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Twocan.slnx")))
            folder = folder.Parent!;
        var document = File.ReadAllText(Path.Combine(folder.FullName, "docs", "explore.md"));
        foreach (
            var type in (Type[])
                [
                    typeof(ComparisonReport),
                    typeof(MilestoneReport),
                    typeof(JourneyReport),
                    typeof(ResourceReport),
                    typeof(ResolutionReport),
                    typeof(QueryReport),
                    typeof(ConnectionReport),
                    typeof(StateReport),
                    typeof(TlsReport),
                    typeof(CertificateReport),
                    typeof(TcpInfoReport),
                    typeof(PacketReport),
                    typeof(TcpReport),
                    typeof(DnsReport),
                    typeof(HttpReport),
                    typeof(TotalsReport),
                    typeof(TimeReport),
                ]
        )
            Assert.All(
                JourneyJson.Default.GetTypeInfo(type)!.Properties,
                property =>
                    Assert.True(
                        document.Contains($"`{property.Name}`", StringComparison.Ordinal)
                            || document.Contains($"`{property.Name}[]`", StringComparison.Ordinal)
                            || document.Contains($"`…{property.Name}[]`", StringComparison.Ordinal),
                        $"docs/explore.md does not speak of {type.Name}.{property.Name}"
                    )
            );
    }
}

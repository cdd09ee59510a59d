namespace Twocan.Core.Tests;

/// <summary>The examples of RFC 6724 §10.1 and §10.2.</summary>
public sealed class AddressSelectionTests
{
    private static SourceCandidate Candidate(string text)
    {
        var isDeprecated = text.EndsWith(" d", StringComparison.Ordinal);
        return new(IpAddress.Parse(text.Split(' ')[0]), text.Contains('.') ? 24 : 64, isDeprecated);
    }

    [Theory]
    [InlineData("2001:db8:1::1", "2001:db8:3::1|fe80::1", "2001:db8:3::1")]
    [InlineData("ff05::1", "2001:db8:3::1|fe80::1", "2001:db8:3::1")]
    [InlineData("2001:db8:1::1", "2001:db8:1::1 d|2001:db8:2::1", "2001:db8:1::1")]
    [InlineData("fe80::1", "fe80::2 d|2001:db8:1::1", "fe80::2")]
    [InlineData("2001:db8:1::1", "2001:db8:1::2|2001:db8:3::2", "2001:db8:1::2")]
    [InlineData("2001:db8:1::1", "2001:db8:3::2|2001:db8:1::2", "2001:db8:1::2")]
    [InlineData(
        "2002:c633:6401::1",
        "2002:c633:6401::d5e3:7953:13eb:22e8|2001:db8:1::2",
        "2002:c633:6401::d5e3:7953:13eb:22e8"
    )]
    [InlineData("2001:db8:1::1", "2001:db8:1::2 d|2001:db8:9::2", "2001:db8:9::2")]
    [InlineData("192.0.2.9", "2001:db8:1::2|192.0.2.1", "192.0.2.1")]
    public void The_best_source_is_chosen(string destination, string candidates, string expected)
    {
        var sources = candidates.Split('|').Select(Candidate).ToArray();
        Assert.True(AddressSelection.TryChooseSource(IpAddress.Parse(destination), sources, out var source));
        Assert.Equal(IpAddress.Parse(expected), source.Address);
    }

    [Fact]
    public void There_is_no_source_of_the_other_family() =>
        Assert.False(AddressSelection.TryChooseSource(IpAddress.Parse("192.0.2.9"), [Candidate("2001:db8::1")], out _));

    [Theory]
    // Prefer matching scope.
    [InlineData("2001:db8:1::1|198.51.100.121", "2001:db8:1::2|169.254.13.78", "2001:db8:1::1")]
    [InlineData("2001:db8:1::1|198.51.100.121", "fe80::1|198.51.100.117", "198.51.100.121")]
    // Prefer higher precedence.
    [InlineData("2001:db8:1::1|10.1.2.3", "2001:db8:1::2|10.1.2.4", "2001:db8:1::1")]
    // Prefer smaller scope.
    [InlineData("2001:db8:1::1|fe80::1", "2001:db8:1::2|fe80::2", "fe80::1")]
    // Use longest matching prefix.
    [InlineData("2001:db8:1::1|2001:db8:3ffe::1", "2001:db8:1::2|2001:db8:3f44::2", "2001:db8:1::1")]
    // Prefer matching label.
    [InlineData("2001:db8:1::1|2002:c633:6401::1", "2002:c633:6401::2|2002:c633:6401::2", "2002:c633:6401::1")]
    // What cannot be reached comes last.
    [InlineData("2001:db8:1::1|192.0.2.1", "|192.0.2.2", "192.0.2.1")]
    // Avoid a deprecated source.
    [InlineData("2001:db8:1::1|10.1.2.3", "2001:db8:1::2 d|10.1.2.4", "10.1.2.3")]
    public void The_destination_to_try_first_is_found(string addresses, string sources, string expected)
    {
        var destinations = addresses.Split('|').Select(IpAddress.Parse).ToArray();
        var candidates = sources
            .Split('|')
            .Select(text => text.Length == 0 ? default(SourceCandidate?) : Candidate(text))
            .ToArray();
        for (var turn = 0; turn < 2; turn++)
        {
            AddressSelection.SortDestinations(destinations, candidates);
            Assert.Equal(IpAddress.Parse(expected), destinations[0]);
            Array.Reverse(destinations);
            Array.Reverse(candidates);
        }
    }
}

using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class InterfaceIdentifierTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("34:56:78:9a:bc:de");
    private static readonly Subnet Prefix = Subnet.Parse("2001:db8:1::/64");

    /// <summary>The example of RFC 2464 §4.</summary>
    [Fact]
    public void A_MAC_address_becomes_an_identifier_with_its_universal_bit_turned_round()
    {
        var identifier = InterfaceIdentifier.Eui64(Mac);
        Assert.Equal(
            IpAddress.Parse("fe80::3656:78ff:fe9a:bcde"),
            InterfaceIdentifier.AddressIn(InterfaceIdentifier.LinkLocal, identifier)
        );
    }

    [Fact]
    public void A_stable_identifier_changes_with_each_thing_that_it_is_made_of_and_with_nothing_else()
    {
        var secret = (1UL, 2UL);
        var first = InterfaceIdentifier.Stable(Prefix, Mac, 0, secret);
        Assert.Equal(first, InterfaceIdentifier.Stable(Prefix, Mac, 0, secret));
        Assert.NotEqual(first, InterfaceIdentifier.Stable(Subnet.Parse("2001:db8:2::/64"), Mac, 0, secret));
        Assert.NotEqual(first, InterfaceIdentifier.Stable(Prefix, MacAddress.Parse("34:56:78:9a:bc:df"), 0, secret));
        Assert.NotEqual(first, InterfaceIdentifier.Stable(Prefix, Mac, 1, secret));
        Assert.NotEqual(first, InterfaceIdentifier.Stable(Prefix, Mac, 0, (1, 3)));
    }

    [Theory]
    [InlineData(0UL, true)]
    [InlineData(1UL, false)]
    [InlineData(0x02005EFFFE000001UL, true)]
    [InlineData(0xFDFFFFFFFFFFFFFFUL, true)]
    [InlineData(0xFDFFFFFFFFFFFF7FUL, false)]
    public void Some_identifiers_are_reserved(ulong identifier, bool reserved) =>
        Assert.Equal(reserved, InterfaceIdentifier.IsReserved(identifier));
}

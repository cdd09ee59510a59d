using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class AddressTableTests
{
    private static readonly InterfaceAddress V4 = InterfaceAddress.Parse("10.0.0.1/24");
    private static readonly InterfaceAddress V6 = InterfaceAddress.Parse("2001:db8::1/64");
    private readonly AddressTable _table = new(new(7));

    private static Instant At(double seconds) => Instant.Zero + Duration.FromSeconds(seconds);

    private List<(AddressStepKind Kind, double At)> RunUntil(double end)
    {
        var steps = new List<(AddressStepKind, double)>();
        while (_table.Due <= At(end))
        {
            var due = _table.Due;
            Assert.True(_table.TryStep(due, out var step));
            steps.Add((step.Kind, new Duration(due.Nanoseconds).TotalSeconds));
        }
        return steps;
    }

    [Fact]
    public void An_IPv6_address_is_mine_a_second_after_one_question()
    {
        var address = _table.Add(V6, AddressOrigin.Static, DetectionSettings.Ipv6, At(0));
        Assert.Equal(AddressState.Tentative, address.State);
        var steps = RunUntil(100);
        Assert.Equal([AddressStepKind.Probe, AddressStepKind.Acquire], steps.Select(step => step.Kind));
        Assert.InRange(steps[0].At, 0, 1);
        Assert.Equal(1, steps[1].At - steps[0].At, 6);
        Assert.True(address.IsUsable);
    }

    /// <summary>RFC 5227 §2.1.1 and §2.3.</summary>
    [Fact]
    public void An_IPv4_address_is_mine_after_three_questions_and_is_announced_twice()
    {
        _table.Add(V4, AddressOrigin.Static, DetectionSettings.Ipv4, At(0));
        var steps = RunUntil(100);
        Assert.Equal(
            [
                AddressStepKind.Probe,
                AddressStepKind.Probe,
                AddressStepKind.Probe,
                AddressStepKind.Acquire,
                AddressStepKind.Announce,
                AddressStepKind.Announce,
            ],
            steps.Select(step => step.Kind)
        );
        Assert.InRange(steps[1].At - steps[0].At, 1, 2);
        Assert.InRange(steps[2].At - steps[1].At, 1, 2);
        Assert.Equal(2, steps[3].At - steps[2].At, 6);
        Assert.Equal((0, 2), (steps[4].At - steps[3].At, Math.Round(steps[5].At - steps[4].At, 6)));
    }

    [Fact]
    public void An_address_that_somebody_answers_for_is_never_used()
    {
        var address = _table.Add(V6, AddressOrigin.Static, DetectionSettings.Ipv6, At(0));
        Assert.Equal(ConflictVerdict.Taken, _table.OnConflict(V6.Address, At(0.1), out _));
        Assert.Empty(RunUntil(1000));
        Assert.Equal((AddressState.Duplicate, false), (address.State, address.IsUsable));
        Assert.Equal(ConflictVerdict.NotMine, _table.OnConflict(V6.Address, At(2), out _));
    }

    [Fact]
    public void An_address_that_is_mine_is_defended_but_not_without_end()
    {
        _table.Add(V4, AddressOrigin.Static, null, At(0));
        Assert.Equal(ConflictVerdict.Defend, _table.OnConflict(V4.Address, At(100), out _));
        Assert.Equal(ConflictVerdict.Ignore, _table.OnConflict(V4.Address, At(109.9), out _));
        Assert.Equal(ConflictVerdict.Defend, _table.OnConflict(V4.Address, At(110), out _));
        Assert.Equal(ConflictVerdict.NotMine, _table.OnConflict(V6.Address, At(110), out _));
    }

    [Fact]
    public void Lifetimes_deprecate_an_address_and_then_take_it_away()
    {
        var address = _table.Add(V6, AddressOrigin.Advertised, null, At(0));
        _table.SetLifetimes(address, At(10), At(20), At(0));
        Assert.Equal([(AddressStepKind.Deprecate, 10)], RunUntil(19));
        Assert.Equal(AddressState.Deprecated, address.State);
        _table.SetLifetimes(address, At(30), At(40), At(19));
        Assert.Equal(AddressState.Preferred, address.State);
        Assert.Equal([(AddressStepKind.Deprecate, 30), (AddressStepKind.Expire, 40)], RunUntil(100));
        Assert.Empty(_table.Addresses);
        Assert.Equal(Instant.Never, _table.Due);
    }
}

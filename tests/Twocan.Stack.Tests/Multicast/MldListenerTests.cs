using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class MldListenerTests
{
    private static readonly IpAddress Group = IpAddress.Parse("ff02::1:ff00:1");
    private static readonly IpAddress Other = IpAddress.Parse("ff05::99");
    private readonly MldListener _listener = new(new(3));
    private readonly List<MldRecord> _report = [];

    private static Instant At(double seconds) => Instant.Zero + Duration.FromSeconds(seconds);

    private static byte[] Query(IpAddress group, int milliseconds)
    {
        var message = new byte[28];
        message[0] = (byte)Icmpv6Type.MulticastListenerQuery;
        (message[4], message[5]) = ((byte)(milliseconds >> 8), (byte)milliseconds);
        group.Write(message.AsSpan(8));
        return message;
    }

    private void Ask(IpAddress group, int milliseconds, Instant now)
    {
        Assert.True(MldQuery.TryRead(Query(group, milliseconds), out var query));
        _listener.OnQuery(query, now);
    }

    [Fact]
    public void A_group_that_is_joined_is_reported_at_once_and_once_more_within_a_second()
    {
        _listener.OnJoin(Group, At(0));
        Assert.True(_listener.TryReport(At(0), [Group], _report));
        Assert.Equal([new(MldRecordType.ToExclude, Group)], _report);
        Assert.False(_listener.TryReport(At(0), [Group], _report));
        Assert.InRange(_listener.Due.Nanoseconds, 0, 1_000_000_000);
        Assert.True(_listener.TryReport(_listener.Due, [Group], _report));
        Assert.Equal(Instant.Never, _listener.Due);
    }

    [Fact]
    public void The_last_word_about_a_group_counts()
    {
        _listener.OnJoin(Group, At(0));
        _listener.OnJoin(Other, At(0));
        _listener.OnLeave(Group, At(0));
        Assert.True(_listener.TryReport(At(0), [Other], _report));
        Assert.Equal([new(MldRecordType.ToExclude, Other), new(MldRecordType.ToInclude, Group)], _report);
    }

    [Fact]
    public void A_question_is_answered_within_its_time_and_by_all_groups_but_that_of_everybody()
    {
        Ask(IpAddress.Any6, 10_000, At(0));
        Assert.InRange(_listener.Due.Nanoseconds, 0, 10_000_000_000);
        Assert.True(_listener.TryReport(_listener.Due, [MulticastGroups.AllNodes, Group, Other], _report));
        Assert.Equal([new(MldRecordType.IsExclude, Group), new(MldRecordType.IsExclude, Other)], _report);
        Assert.Equal(Instant.Never, _listener.Due);
    }

    [Fact]
    public void A_question_about_one_group_is_answered_by_its_listeners_only()
    {
        Ask(Other, 1000, At(0));
        Assert.False(_listener.TryReport(At(1), [Group], _report));
        Ask(Other, 1000, At(2));
        Assert.True(_listener.TryReport(At(3), [Group, Other], _report));
        Assert.Equal([new(MldRecordType.IsExclude, Other)], _report);
    }
}

namespace Twocan.Stack;

/// <summary>What a connection leaves behind for the next one between the same ends.</summary>
/// <param name="End">Behind all that it can have sent: the new one's numbers begin there.</param>
/// <param name="Recent">The last time stamp that came from the peer.</param>
internal readonly record struct FormerConnection(SequenceNumber? End, uint Recent);

namespace Twocan.Worlds;

/// <summary>What became of a script.</summary>
/// <param name="Line">Where it failed, or is wrong; null when all lines held.</param>
/// <param name="IsWrong">The script could not be run: it has a mistake, or asks for what is not supported.</param>
public sealed record DrillReport(string File, int? Line, string? Error, bool IsWrong = false)
{
    public bool IsOk => Error is null;
}

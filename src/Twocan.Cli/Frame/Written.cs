namespace Twocan.Cli;

/// <summary>Files that the user asked for by name.</summary>
internal static class Written
{
    /// <param name="what">What it is, as the complaint calls it: <c>the picture</c>.</param>
    public static void To(string path, string content, string what)
    {
        try
        {
            File.WriteAllText(path, content);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"{what} cannot be written: {failure.Message}");
        }
    }
}

using Twocan.Core;

namespace Twocan.Cli;

/// <summary>
/// A file that lines are added to, by several loops at once. When settings are read again the log is opened anew, and whoever
/// still holds the former one writes into the new one: a log that was moved away can be packed or removed.
/// </summary>
internal sealed class LogFile : IDisposable
{
    // Loops share nothing but this: each line is whole, and none goes into a file that has been closed.
    private readonly Lock _turn = new();
    private readonly StreamWriter _file;
    private LogFile? _successor;
    private bool _isClosed;

    public LogFile(string path)
    {
        try
        {
            // Nothing waits in memory for the next line: what cannot be written now is lost now.
            var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            _file = new(file) { NewLine = "\n", AutoFlush = true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"--log cannot be written: {failure.Message}");
        }
    }

    /// <summary>A line that cannot be written is lost, and the request that it tells of is not.</summary>
    public void WriteLine(string line)
    {
        lock (_turn)
        {
            if (!_isClosed)
            {
                try
                {
                    _file.WriteLine(line);
                }
                catch (IOException)
                {
                    Lost++;
                }
                return;
            }
        }
        _successor?.WriteLine(line);
    }

    /// <summary>Lines that there was no room for.</summary>
    public long Lost { get; private set; }

    /// <summary>From now on lines go there, or nowhere.</summary>
    public void GiveWayTo(LogFile? successor)
    {
        lock (_turn)
        {
            _successor = successor;
            Close();
        }
    }

    public void Dispose()
    {
        lock (_turn)
            Close();
    }

    private void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What it still held there was no room for.
        }
    }
}

using System.Text;

namespace Twocan.Cli;

/// <summary>One command of a line: its words without quotes, and whether it is to run beside others.</summary>
internal sealed record ShellCommand(IReadOnlyList<string> Words, bool IsBeside);

/// <summary>
/// A line as a shell takes it apart: words between blanks, '…' as it stands, "…" with backslashes, <c>;</c> between commands,
/// <c>&amp;</c> behind one that is to run beside others, <c>#</c> before a remark.
/// </summary>
internal static class ShellLine
{
    /// <summary>Throws <see cref="WrongUsageException"/> where a quote is not closed.</summary>
    public static IReadOnlyList<ShellCommand> Read(string line)
    {
        var (commands, words) = (new List<ShellCommand>(), new List<string>());
        var (word, isWord) = (new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case ' ' or '\t' or '\r' or '\u3000':
                    EndWord();
                    break;
                case '#' when !isWord:
                    i = line.Length;
                    break;
                case ';' or '&':
                    EndCommand(isBeside: line[i] == '&');
                    break;
                case '\'' or '"':
                    i = Quoted(line, i, word);
                    isWord = true;
                    break;
                case '\\' when i + 1 < line.Length:
                    word.Append(line[++i]);
                    isWord = true;
                    break;
                default:
                    word.Append(line[i]);
                    isWord = true;
                    break;
            }
        }
        EndCommand(isBeside: false);
        return commands;

        void EndWord()
        {
            if (isWord)
                words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }

        void EndCommand(bool isBeside)
        {
            EndWord();
            if (words.Count == 0 && isBeside)
                throw new WrongUsageException("'&' stands behind a command, as in 'ping www.lab.cyber.co.kr &'");
            if (words.Count > 0)
                commands.Add(new([.. words], isBeside));
            words.Clear();
        }
    }

    /// <summary>Adds what stands between quotes to the word, and answers where the closing one is.</summary>
    private static int Quoted(string line, int opening, StringBuilder word)
    {
        var quote = line[opening];
        for (var i = opening + 1; i < line.Length; i++)
        {
            if (line[i] == quote)
                return i;
            if (quote == '"' && line[i] == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
                i++;
            word.Append(line[i]);
        }
        throw new WrongUsageException($"a quote is not closed: {line[opening..]}");
    }
}

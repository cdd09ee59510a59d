namespace Twocan.Http;

/// <summary>What a CGI program is given (RFC 3875 §4).</summary>
/// <param name="Variables">The meta-variables, in the order in which they were set.</param>
/// <param name="Body">The request's body, in its full length and without any coding for the transfer.</param>
public sealed record CgiCall(IReadOnlyList<KeyValuePair<string, string>> Variables, Stream Body)
{
    /// <summary>Empty for a variable that is not set, as programs take it.</summary>
    public string this[string name] => Variables.FirstOrDefault(one => one.Key == name).Value ?? "";
}

/// <summary>A program that makes answers: one of the machine's, or one that is built in.</summary>
public interface ICgiProgram
{
    /// <summary>Starts it, and answers what it writes; disposing that ends the program.</summary>
    ValueTask<Stream> StartAsync(CgiCall call, CancellationToken stop);
}

/// <summary>The programs of a site, by the names that stand behind its path for programs.</summary>
public interface ICgiPrograms
{
    /// <summary>
    /// The program that a path leads to, and how many of its parts name it; what is left is for the program (PATH_INFO). Null when
    /// there is none.
    /// </summary>
    ICgiProgram? Find(IReadOnlyList<string> path, out int used);
}

/// <summary>A single program, whatever stands behind its place.</summary>
public sealed class OneProgram(ICgiProgram program) : ICgiPrograms
{
    public ICgiProgram? Find(IReadOnlyList<string> path, out int used)
    {
        used = 0;
        return program;
    }
}

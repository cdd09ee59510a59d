namespace Twocan.Cli;

/// <summary>What may stand in the place of the word that is being written.</summary>
/// <param name="Start">Where the word begins; it ends at the cursor.</param>
/// <param name="Candidates">In order, each once.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates)
{
    /// <summary>What all of them begin with.</summary>
    public string CommonPrefix
    {
        get
        {
            if (Candidates.Count == 0)
                return "";
            var prefix = Candidates[0];
            foreach (var candidate in Candidates)
            {
                var length = 0;
                while (length < Math.Min(prefix.Length, candidate.Length) && prefix[length] == candidate[length])
                    length++;
                prefix = prefix[..length];
            }
            return prefix;
        }
    }
}

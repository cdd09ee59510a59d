namespace Twocan.Http;

/// <summary>A way to say who one is, as a server offers it (RFC 9110 §11.3).</summary>
public sealed class Challenge(string scheme)
{
    private const int MostParameters = 32;
    private const int MostChallenges = 16;

    private readonly List<(string Name, string Value)> _parameters = [];

    public string Scheme => scheme;

    public string? this[string name] =>
        _parameters.Find(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public bool Is(string name) => scheme.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// All challenges of a response. Both they and their parameters are divided by commas, so an element begins a challenge when
    /// there is a word, and then a blank or nothing.
    /// </summary>
    public static IReadOnlyList<Challenge> Read(Fields fields, string name)
    {
        var challenges = new List<Challenge>();
        foreach (var element in fields.ListOf(name))
        {
            var parameter = element;
            var (blank, equals) = (
                element.IndexOf(' ', StringComparison.Ordinal),
                element.IndexOf('=', StringComparison.Ordinal)
            );
            var begins = equals < 0 || (blank > 0 && blank < equals && element[blank..equals].Trim().Length > 0);
            if (begins)
            {
                if (challenges.Count == MostChallenges)
                    break;
                challenges.Add(new(blank < 0 ? element : element[..blank]));
                parameter = blank < 0 ? "" : element[(blank + 1)..].TrimStart(' ');
            }
            if (challenges.Count == 0)
                continue;
            var (key, value) = FieldList.Directive(parameter);
            if (value is not null && key.Length > 0 && challenges[^1]._parameters.Count < MostParameters)
                challenges[^1]._parameters.Add((key, value));
        }
        return challenges;
    }
}

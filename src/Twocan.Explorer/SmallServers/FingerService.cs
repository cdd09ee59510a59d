using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Somebody who has an account on a host.</summary>
/// <param name="Login">The name of the account.</param>
/// <param name="Name">The name of the person.</param>
/// <param name="Plan">What the person wants everybody to know.</param>
public sealed record FingerUser(string Login, string Name, string? Plan = null);

/// <summary>Finger (RFC 1288): who is on this host, and what do they want to be known of them?</summary>
public static class FingerService
{
    public static readonly Port Port = new(79);

    private const int LoginWidth = 12;

    public static SmallService For(IReadOnlyList<FingerUser> users) =>
        new("finger", Port, (_, stream, stop) => ConverseAsync(users, stream, stop));

    /// <summary>What a query line earns (§2.3).</summary>
    public static string Answer(IReadOnlyList<FingerUser> users, string query)
    {
        // '/W' asks for more; there is no more to be told.
        if (query.StartsWith("/W", StringComparison.OrdinalIgnoreCase))
            query = query[2..].TrimStart();
        // §3.2.1: who asks one host about another would hide behind it.
        if (query.Contains('@'))
            return "Finger forwarding service denied";
        if (query.Length == 0)
            return List(users);
        var found = users.Where(user => Matches(user, query)).ToList();
        return found.Count == 0 ? $"{Printable(query)}: no such user" : string.Join("\n\n", found.Select(Describe));
    }

    private static async Task ConverseAsync(IReadOnlyList<FingerUser> users, TcpStream stream, CancellationToken stop)
    {
        if (await LineQuery.ReadAsync(stream, stop) is not { } query)
            return;
        stream.Because = stream.LastArrival;
        await SmallService.SayAsync(stream, LineQuery.Lines(Answer(users, query)), stop);
    }

    private static string List(IReadOnlyList<FingerUser> users)
    {
        var text = new StringBuilder($"{"Login", -LoginWidth} Name\n");
        foreach (var user in users)
            text.Append($"{user.Login, -LoginWidth} {user.Name}\n");
        return text.ToString();
    }

    private static string Describe(FingerUser user) =>
        $"Login: {user.Login}\nName: {user.Name}\n"
        + (user.Plan is { } plan ? $"Plan:\n{plan.TrimEnd('\n')}" : "No Plan.");

    /// <summary>The account, or a word of the person's name.</summary>
    private static bool Matches(FingerUser user, string query) =>
        user.Login.Equals(query, StringComparison.OrdinalIgnoreCase)
        || user.Name.Split(' ').Contains(query, StringComparer.OrdinalIgnoreCase);

    /// <summary>§3.3: what somebody sent may hold more than text.</summary>
    internal static string Printable(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));
}

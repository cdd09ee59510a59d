using System.Globalization;

namespace Twocan.Http;

/// <summary>What a client asks for. Fields that it leaves out (Host, User-Agent, Accept, Authorization, Content-Length) are put in as they are needed.</summary>
public sealed record ClientRequest(Url Url)
{
    public string Method { get; init; } = Methods.Get;

    public Fields Fields { get; init; } = new();

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The head as it goes out: Host first (RFC 9110 §7.2), then the caller's fields, then what is missing.</summary>
    internal RequestHead Head(WebClientOptions options)
    {
        var fields = new Fields();
        if (!Fields.Contains("Host"))
            fields.Add("Host", Url.Authority);
        fields.AddAll(Fields);
        AddMissing(fields, "User-Agent", options.UserAgent);
        AddMissing(fields, "Accept", options.Accept);
        if (Url.HasCredentials)
            AddMissing(fields, "Authorization", "Basic " + Credentials());
        if (!Body.IsEmpty || Method is Methods.Post or Methods.Put or Methods.Patch)
            fields.Set("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture));
        var target = options.Proxy is null ? Url.OriginForm : Url.AbsoluteForm;
        return new(Method, target, options.Version, fields);
    }

    /// <summary>RFC 7617: user and password with a colon between them, as UTF-8 in Base64.</summary>
    private string Credentials()
    {
        var user = PercentEncoding.Decode(Url.Username);
        var password = PercentEncoding.Decode(Url.Password);
        return Convert.ToBase64String([.. user, (byte)':', .. password]);
    }

    private static void AddMissing(Fields fields, string name, string? value)
    {
        if (value is not null && !fields.Contains(name))
            fields.Add(name, value);
    }
}

namespace Twocan.Http;

/// <summary>The media type of a file, by the ending of its name.</summary>
public static class MimeTypes
{
    public const string Unknown = "application/octet-stream";

    /// <summary>With what text is written in, where that is known.</summary>
    public static string Of(string name, string? charset)
    {
        var type = Of(name);
        return charset is not null && type.StartsWith("text/", StringComparison.Ordinal)
            ? $"{type}; charset={charset}"
            : type;
    }

    public static string Of(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0
            ? Unknown
            : name[(dot + 1)..].ToLowerInvariant() switch
            {
                "html" or "htm" => "text/html",
                "css" => "text/css",
                "js" or "mjs" => "text/javascript",
                "json" or "map" => "application/json",
                "xml" => "application/xml",
                "txt" => "text/plain",
                "md" => "text/markdown",
                "csv" => "text/csv",
                "ics" => "text/calendar",
                "jpg" or "jpeg" => "image/jpeg",
                "png" => "image/png",
                "gif" => "image/gif",
                "svg" => "image/svg+xml",
                "webp" => "image/webp",
                "avif" => "image/avif",
                "ico" => "image/vnd.microsoft.icon",
                "bmp" => "image/bmp",
                "mp3" => "audio/mpeg",
                "ogg" or "oga" => "audio/ogg",
                "wav" => "audio/wav",
                "mp4" => "video/mp4",
                "webm" => "video/webm",
                "woff" => "font/woff",
                "woff2" => "font/woff2",
                "ttf" => "font/ttf",
                "otf" => "font/otf",
                "pdf" => "application/pdf",
                "wasm" => "application/wasm",
                "zip" => "application/zip",
                "gz" => "application/gzip",
                "tar" => "application/x-tar",
                "webmanifest" => "application/manifest+json",
                _ => Unknown,
            };
    }
}

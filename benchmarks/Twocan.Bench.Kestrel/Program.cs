using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

// kestrel DIR PORT: the files of a directory as ASP.NET serves them, and /memory/1k from memory.
var builder = WebApplication.CreateEmptyBuilder(new() { Args = [] });
builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{args[1]}");
builder.Logging.ClearProviders();
var app = builder.Build();
var bytes = new byte[1024];
app.Use(
    (context, next) =>
    {
        if (context.Request.Path != "/memory/1k")
            return next(context);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, 0, bytes.Length);
    }
);
app.UseStaticFiles(
    new StaticFileOptions
    {
        FileProvider = new PhysicalFileProvider(Path.GetFullPath(args[0])),
        ServeUnknownFileTypes = true,
        DefaultContentType = "application/octet-stream",
    }
);
app.Run();

using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Documents;
using FinalAccounts.Server.Access;
using Microsoft.Net.Http.Headers;

namespace FinalAccounts.Server.Pages;

/// <summary>
/// Scripts and styles of the pages, out of the assembly. An address has the content's hash in it, so that browsers keep a file for
/// good and never an old one.
/// </summary>
public static class WebFiles
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, WebFile> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(WebFile.Read)
        .Append(WebFile.Of("document.css", Encoding.UTF8.GetBytes(HtmlWriter.StyleSheet(".document"))))
        .ToFrozenDictionary(file => file.Name);

    /// <summary>The address of a file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public static string Url(string name) => $"/{Prefix}{Files[name].Version}/{name}";

    public static void MapWebFiles(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{version}/{name}", Serve).Needs(Right.Anything).ExcludeFromDescription();

    private static IResult Serve(string version, string name, HttpContext context)
    {
        if (!Files.TryGetValue(name, out var file) || file.Version != version)
        {
            return Results.NotFound();
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Bytes(file.Content, file.Type);
        }

        headers.ContentEncoding = "gzip";
        return Results.Bytes(file.Compressed, file.Type);
    }

    private sealed record WebFile(string Name, string Version, string Type, byte[] Content, byte[] Compressed)
    {
        public static WebFile Read(string resource)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
            using MemoryStream content = new();
            stream.CopyTo(content);
            return Of(resource[Prefix.Length..], content.ToArray());
        }

        public static WebFile Of(string name, byte[] content) =>
            new(name, Convert.ToHexStringLower(SHA256.HashData(content))[..16], TypeOf(name), content, Compress(content));

        private static string TypeOf(string name) => Path.GetExtension(name) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => throw new InvalidOperationException($"The type of {name} is not known."),
        };

        private static byte[] Compress(byte[] content)
        {
            using MemoryStream compressed = new();
            using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize))
            {
                gzip.Write(content);
            }

            return compressed.ToArray();
        }
    }
}

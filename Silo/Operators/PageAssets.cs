using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace FederatedOrleans.Operators;

/// <summary>The pages' style sheet, script and icon, embedded in the assembly.</summary>
internal static class PageAssets
{
    public static void MapAssets(this RouteGroupBuilder group)
    {
        Map("pages.css", "text/css; charset=utf-8");
        Map("icon.svg", "image/svg+xml");
        Map("pages.js", "text/javascript; charset=utf-8");

        void Map(string name, string contentType)
        {
            var bytes = Read(name);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
            group.MapGet($"/assets/{name}", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return TypedResults.Bytes(bytes, contentType, entityTag: tag);
            }).AllowAnonymous();
        }
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"FederatedOrleans.Operators.{name}")
            ?? throw new InvalidOperationException($"The asset '{name}' is not embedded.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}

using System.Net;
using System.Security.Cryptography;
using FederatedOrleans.Cli.Demo;

namespace FederatedOrleans.Cli.Tests.Demo;

/// <summary>An archive on this machine, with files of its own and their checksums.</summary>
internal sealed class Archive : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _files = HeartDiseaseArchive.Uci.Files.ToDictionary(
        file => file, file => System.Text.Encoding.ASCII.GetBytes($"61,1,{file}\n"), StringComparer.Ordinal);

    private readonly Task _serving;

    public Archive()
    {
        var address = $"http://127.0.0.1:{FakeCentre.FreePort()}/heart-disease/";
        _listener.Prefixes.Add(address);
        _listener.Start();
        _serving = ServeAsync();
#pragma warning disable CA5351 // The real archive publishes MD5 checksums.
        Published = new(new(address), _files.ToDictionary(
            file => file.Key, file => Convert.ToHexStringLower(MD5.HashData(file.Value)), StringComparer.Ordinal));
#pragma warning restore CA5351
    }

    /// <summary>What the product is told about it.</summary>
    public HeartDiseaseArchive Published { get; }

    /// <summary>A file that comes broken.</summary>
    public string? Broken { get; set; }

    /// <summary>A file that does not come.</summary>
    public string? Absent { get; set; }

    /// <summary>Files asked for.</summary>
    public int Requests { get; private set; }

    public byte[] this[string file] => _files[file];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Requests++;
            var file = context.Request.Url!.Segments[^1];
            if (file == Absent || !_files.TryGetValue(file, out var bytes))
            {
                context.Response.StatusCode = 404;
            }
            else
            {
                await context.Response.OutputStream.WriteAsync(file == Broken ? [.. bytes, 10] : bytes);
            }

            context.Response.Close();
        }
    }
}

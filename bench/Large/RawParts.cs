using System.Diagnostics;
using System.Security.Cryptography;

namespace FederatedOrleans.Bench.Large;

/// <summary>
/// What a round of large models does besides sending them, and nothing else: every hospital writes the model and the update to new files, the
/// update's flushed, and three digests are made of as many bytes. All hospitals at once.
/// </summary>
internal static class RawParts
{
    private const int Chunk = 1 << 20;
    private const int Digests = 3;

    /// <summary>Seconds for all of it.</summary>
    /// <param name="hospitals">How many.</param>
    /// <param name="bytesEach">Bytes of the model, and of each update.</param>
    /// <param name="folder">On the disk to be written to.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<double> MeasureAsync(int hospitals, long bytesEach, string folder, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, hospitals).Select(hospital => Task.Run(
            () =>
            {
                Write(Path.Combine(folder, $"{hospital}.model"), bytesEach, isFlushed: false);
                Write(Path.Combine(folder, $"{hospital}.update"), bytesEach, isFlushed: true);
                for (var digest = 0; digest < Digests; digest++)
                {
                    Hash(bytesEach);
                }
            },
            cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }

        return seconds;
    }

    private static void Write(string path, long bytes, bool isFlushed)
    {
        var chunk = Random();
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, preallocationSize: bytes);
        for (var at = 0L; at < bytes; at += Chunk)
        {
            RandomAccess.Write(file, chunk.AsSpan(0, (int)Math.Min(Chunk, bytes - at)), at);
        }

        if (isFlushed)
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    private static void Hash(long bytes)
    {
        var chunk = Random();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0L; at < bytes; at += Chunk)
        {
            hash.AppendData(chunk.AsSpan(0, (int)Math.Min(Chunk, bytes - at)));
        }

        hash.GetCurrentHash();
    }

    private static byte[] Random()
    {
        var chunk = new byte[Chunk];
        RandomNumberGenerator.Fill(chunk);
        return chunk;
    }
}

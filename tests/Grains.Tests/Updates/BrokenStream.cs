namespace FederatedOrleans.Updates;

/// <summary>A body whose line breaks after its bytes, as a server sees it: its request is aborted and reading fails.</summary>
internal sealed class BrokenStream(byte[] bytes, Action abort) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, CancellationToken.None);
        if (read > 0)
        {
            return read;
        }

        abort();
        throw new IOException("The test's line is broken.");
    }
}

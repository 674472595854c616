using FederatedOrleans.Identity;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Faults;

/// <summary>What one Silo without a database server has stored, read from outside.</summary>
internal static class EmbeddedBlobs
{
    /// <summary>A content: of the file of short ones, or a file of its own.</summary>
    public static async Task<byte[]> ReadAsync(string folder, ContentDigest digest, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "blobs.db")};Mode=ReadWrite;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var find = connection.CreateCommand();
        find.CommandText = "SELECT Bytes FROM Content WHERE Key = $key";
        find.Parameters.AddWithValue("$key", Convert.FromHexString(digest.Hex));
        return (byte[]?)await find.ExecuteScalarAsync(cancellationToken)
            ?? await File.ReadAllBytesAsync(Path.Combine(folder, "blobs", digest.Hex[..2], digest.Hex), cancellationToken);
    }
}

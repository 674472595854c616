namespace FederatedOrleans.Postgres;

/// <summary>Plans, models, manifests and pages of rounds: a row a content and a row for each piece of it.</summary>
/// <remarks>Pieces are numbered from 0, and all but the last are of the same length: that is part of what is stored.</remarks>
internal static class BlobSql
{
    // Parameters of a model don't compress; kept apart and uncompressed they cost no computing.
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS Blob (
            Digest bytea NOT NULL PRIMARY KEY CHECK (length(Digest) = 32),
            Length bigint NOT NULL CHECK (Length >= 0),
            AddedOn timestamptz NOT NULL);
        CREATE TABLE IF NOT EXISTS BlobPiece (
            Digest bytea NOT NULL REFERENCES Blob (Digest) ON DELETE CASCADE,
            Number integer NOT NULL,
            Bytes bytea NOT NULL CHECK (length(Bytes) BETWEEN 1 AND 1048576),
            PRIMARY KEY (Digest, Number));
        ALTER TABLE BlobPiece ALTER COLUMN Bytes SET STORAGE EXTERNAL;
        """;

    public const string Length = "SELECT Length FROM Blob WHERE Digest = @digest";
    public const string Piece = "SELECT Bytes FROM BlobPiece WHERE Digest = @digest AND Number = @number";
    public const string Hashes = "SELECT Number, sha256(Bytes) FROM BlobPiece WHERE Digest = @digest ORDER BY Number";
    public const string Add = "INSERT INTO Blob (Digest, Length, AddedOn) VALUES (@digest, @length, now()) ON CONFLICT DO NOTHING";
    public const string Hold = "UPDATE Blob SET Length = @length WHERE Digest = @digest";
    public const string RemovePieces = "DELETE FROM BlobPiece WHERE Digest = @digest";
    public const string AddPiece = "INSERT INTO BlobPiece (Digest, Number, Bytes) VALUES (@digest, @number, @bytes)";
}

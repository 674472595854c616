using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Storage;

/// <summary>Short contents by their keys in one SQLite file of this process alone. What was put survives a power cut.</summary>
/// <remarks>
/// A file for each content costs a new entry in two folders and a flush of the file and of a folder; here a content is one commit, which is
/// one flush. It is a file of its own because SQLite has one writer a file: states must not wait for contents, nor contents for states.
/// </remarks>
public sealed class SqliteContents : IDisposable
{
    private const int Version = 1;

    // What is there already as it is to be writes nothing, and so flushes nothing; what was damaged is put right.
    private const string PutText = """
        INSERT INTO Content (Key, Bytes) VALUES ($key, $bytes)
        ON CONFLICT (Key) DO UPDATE SET Bytes = excluded.Bytes WHERE Bytes <> excluded.Bytes
        """;

    private const string Table =
        "CREATE TABLE IF NOT EXISTS Content (Key BLOB NOT NULL PRIMARY KEY, Bytes BLOB NOT NULL) WITHOUT ROWID";

    private const string FindText = "SELECT Bytes FROM Content WHERE Key = $key";

    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly SqliteDataSource _source;
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _find;

    private SqliteContents(SqliteDataSource source, SqliteConnection writer, SqliteConnection reader)
    {
        (_source, _writer, _reader) = (source, writer, reader);
        _put = Prepare(writer, PutText, "$key", "$bytes");
        _find = Prepare(reader, FindText, "$key");
    }

    /// <summary>Opens the file, which is made where it is missing.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="DataFolderException">It was written by a newer version of this program, or can't be opened.</exception>
    public static SqliteContents Open(string path)
    {
        var source = new SqliteDataSource(path);
        try
        {
            var writer = (SqliteConnection)source.OpenConnection();
            using (var transaction = SqliteFile.Begin(writer, Version))
            {
                SqliteFile.Execute(writer, Table);
                transaction.Commit();
            }

            return new SqliteContents(source, writer, (SqliteConnection)source.OpenConnection());
        }
        catch (SqliteException exception)
        {
            throw new DataFolderException($"{path} can't be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Stores a content; storing it again changes nothing.</summary>
    /// <returns>Whether that took a commit: false where it was there already.</returns>
    /// <exception cref="IOException">The file can't be written to now.</exception>
    public bool Put(byte[] key, byte[] content)
    {
        try
        {
            lock (_writing)
            {
                _put.Parameters[0].Value = key;
                _put.Parameters[1].Value = content;
                return _put.ExecuteNonQuery() > 0;
            }
        }
        catch (SqliteException exception)
        {
            throw new IOException($"{_writer.DataSource} can't be written to: {exception.Message}", exception);
        }
    }

    /// <summary>The content of a key, or null where there is none.</summary>
    /// <exception cref="IOException">The file can't be read now.</exception>
    public byte[]? Find(byte[] key)
    {
        try
        {
            lock (_reading)
            {
                _find.Parameters[0].Value = key;
                return (byte[]?)_find.ExecuteScalar();
            }
        }
        catch (SqliteException exception)
        {
            throw new IOException($"{_reader.DataSource} can't be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _find.Dispose();
        _put.Dispose();
        _reader.Dispose();
        _writer.Dispose();
        _source.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string text, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter, SqliteType.Blob);
        }

        command.Prepare();
        return command;
    }
}

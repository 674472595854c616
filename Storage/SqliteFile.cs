using System.Globalization;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Storage;

/// <summary>What every SQLite file of this program has in common: a log of writes beside it, and the version of what it holds.</summary>
internal static class SqliteFile
{
    /// <summary>Begins the transaction that makes a file's tables, which gives it its version too.</summary>
    /// <param name="connection">To the file.</param>
    /// <param name="version">The newest version of what such a file holds that this program knows.</param>
    /// <exception cref="DataFolderException">The file is of a newer version.</exception>
    public static SqliteTransaction Begin(SqliteConnection connection, int version)
    {
        Execute(connection, "PRAGMA journal_mode = WAL");
        var transaction = connection.BeginTransaction();
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        var found = Convert.ToInt32(read.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (found > version)
        {
            transaction.Dispose();
            throw new DataFolderException(
                $"{connection.DataSource} was written by a newer version of this program (schema {found}; this one knows {version}). Install that version.");
        }

        Execute(connection, $"PRAGMA user_version = {version}");
        return transaction;
    }

    /// <summary>Executes a text that gives nothing.</summary>
    public static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}

using System.Collections.Immutable;
using System.Data.Common;
using System.Numerics;

namespace FederatedOrleans.Data;

/// <summary>The columns of a query, as a database describes them.</summary>
internal static class DatabaseColumns
{
    /// <summary>Names and .NET types of the columns that a reader will deliver.</summary>
    public static ImmutableArray<(string Name, Type Type)> Of(DbDataReader reader) =>
        [.. Enumerable.Range(0, reader.FieldCount).Select(ordinal => (reader.GetName(ordinal), reader.GetFieldType(ordinal)))];

    /// <summary>Which columns to read and whether as texts; everything else is a fault.</summary>
    /// <param name="all">The query's columns.</param>
    /// <param name="used">Numbers of those that are used.</param>
    /// <exception cref="DatasetException">One is neither number, truth value nor text.</exception>
    public static ImmutableArray<DatabaseColumn> Choose(ImmutableArray<(string Name, Type Type)> all, ImmutableArray<int> used)
    {
        var places = used.Distinct().Order().ToArray();
        var strange = places.Where(place => all[place].Type != typeof(string) && !IsNumber(all[place].Type))
            .Select(place => $"column '{all[place].Name}': it holds values of the kind {all[place].Type.Name}; numbers, truth values and texts can be read.")
            .ToArray();
        return strange.Length == 0
            ? [.. places.Select(place => new DatabaseColumn(place, KindOf(all[place].Type)))]
            : throw new DatasetException(strange);
    }

    /// <summary>A name as SQL takes it.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static DatabaseColumnKind KindOf(Type type) =>
        type == typeof(string) ? DatabaseColumnKind.Text : type == typeof(float) ? DatabaseColumnKind.Single : DatabaseColumnKind.Double;

    private static bool IsNumber(Type type) => type == typeof(bool) || type == typeof(float) || type == typeof(double) || type == typeof(decimal)
        || type == typeof(BigInteger) || type == typeof(byte) || type == typeof(sbyte) || type == typeof(short) || type == typeof(ushort)
        || type == typeof(int) || type == typeof(uint) || type == typeof(long) || type == typeof(ulong);
}

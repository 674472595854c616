using System.Data.Common;

namespace FederatedOrleans.Hospitals;

/// <summary>What keeps the centre from answering a hospital for a while: a silo that has just died, or a database that is away.</summary>
internal static class PassingFault
{
    /// <summary>Whether the same may be answered when it is asked again, or by another silo.</summary>
    public static bool Is(Exception exception) =>
        exception is OrleansException or TimeoutException or DbException or IOException { InnerException: DbException };

    /// <summary>What it was, in a line: the message of a grain's exception may hold all that was behind it.</summary>
    public static string Describe(Exception exception) => $"{exception.GetType().Name}: {exception.Message.Trim().Split('\n')[0].TrimEnd()}";
}

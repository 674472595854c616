using System.Runtime.InteropServices;

namespace FederatedOrleans.Data;

/// <summary>A column that a query delivers.</summary>
/// <param name="Place">Its number in the table.</param>
/// <param name="Kind">As what it is delivered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DatabaseColumn(int Place, DatabaseColumnKind Kind);

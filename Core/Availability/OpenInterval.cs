using System.Runtime.InteropServices;

namespace FederatedOrleans.Availability;

/// <summary>A span of time in which a calendar is open.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="To">The first moment after it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OpenInterval(DateTimeOffset From, DateTimeOffset To);

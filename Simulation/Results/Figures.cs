using System.Globalization;

namespace FederatedOrleans.Simulation.Results;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    /// <summary>Four decimals; a dash where there is none.</summary>
    public static string Text(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";
}

namespace FederatedOrleans.Preprocessing;

/// <summary>What stands in a row of inputs where there is no value. A value itself is always finite.</summary>
public static class CellMarks
{
    /// <summary>The cell is empty.</summary>
    public const float Missing = float.NaN;

    /// <summary>The cell holds a level that is not declared.</summary>
    public const float Undeclared = float.PositiveInfinity;
}

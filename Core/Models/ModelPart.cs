using System.Runtime.InteropServices;

namespace FederatedOrleans.Models;

/// <summary>A range of a model's parameters.</summary>
/// <param name="Start">Index of the first.</param>
/// <param name="Length">How many.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ModelPart(int Start, int Length)
{
    /// <summary>Index after the last.</summary>
    public int End => Start + Length;
}

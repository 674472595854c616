namespace FederatedOrleans.Data;

/// <summary>Two arrays of a NumPy archive that belong together.</summary>
/// <param name="Images">Name of the images: unsigned bytes, (n, height, width), (n, height, width, channels).</param>
/// <param name="Labels">Name of the labels: unsigned bytes, (n) or (n, 1).</param>
internal sealed record NpzArrays(string Images, string Labels);

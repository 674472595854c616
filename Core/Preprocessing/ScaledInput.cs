namespace FederatedOrleans.Preprocessing;

/// <summary>x' = (x - mean) / scale of one input.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Mean">What is taken off; 0 where inputs stay as they are.</param>
/// <param name="Scale">What it is divided by, above 0; 1 where inputs stay as they are, or hardly differ.</param>
public sealed record ScaledInput(string Name, double Mean, double Scale);

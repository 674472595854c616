namespace FederatedOrleans.Data;

/// <summary>Which rows train, test and validate: by lists in a file, or else by a seeded stratified draw.</summary>
internal sealed record SplitOptions
{
    /// <summary>Share of test rows of each class when it is drawn.</summary>
    public const double DefaultTestFraction = 0.3;

    /// <summary>Full path of a JSON file with row lists; absent where the split is drawn.</summary>
    public string? File { get; init; }

    /// <summary>JSON pointer to the object with this hospital's lists, as in <c>/centres/cleveland</c>; empty for the root.</summary>
    public string Hospital { get; init; } = "";

    /// <summary>Member with the training rows: 0-based, counted over the data rows in the order of the store, a header not counted.</summary>
    public string Train { get; init; } = "train";

    /// <summary>Member with the test rows, counted likewise.</summary>
    public string Test { get; init; } = "test";

    /// <summary>Member with the validation rows, counted likewise; absent where there are none.</summary>
    public string? Validation { get; init; }

    /// <summary>Share of each class that is drawn for validation, 0 to below 1, with the test's share at most 0.99; 0 by default.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Share of each class that is drawn for the test, above 0 and below 1; 0.3 by default.</summary>
    public double TestFraction { get; init; } = DefaultTestFraction;

    /// <summary>Seed of the draw; 0 by default.</summary>
    public long Seed { get; init; }
}

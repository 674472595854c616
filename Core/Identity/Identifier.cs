using System.Text.RegularExpressions;

namespace FederatedOrleans.Identity;

/// <summary>The form of every id in the product: federation, hospital, run and dataset.</summary>
/// <remarks>A lower-case letter, then 1 to 62 lower-case letters, digits or hyphens.</remarks>
public static partial class Identifier
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "a lower-case letter followed by 1 to 62 lower-case letters, digits or hyphens";

    /// <summary>Whether <paramref name="value"/> is a well-formed id.</summary>
    public static bool IsValid(string? value) => value is not null && Pattern().IsMatch(value);

    [GeneratedRegex(@"^[a-z][a-z0-9-]{1,62}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}

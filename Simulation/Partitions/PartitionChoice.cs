using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FederatedOrleans.Data;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>A partition as a researcher names it.</summary>
/// <param name="Kind">What decides.</param>
internal sealed record PartitionChoice(PartitionKind Kind)
{
    /// <summary>The form in words, for messages and help.</summary>
    public const string Forms = "even, dirichlet:ALPHA, quantity:ALPHA, column:NAME or sites";

    /// <summary>Smallest concentration.</summary>
    public const double LeastAlpha = 0.01;

    /// <summary>Largest concentration, at which hospitals are alike.</summary>
    public const double MostAlpha = 1_000_000;

    /// <summary>The concentration of the Dirichlet distribution, where there is one.</summary>
    public double? Alpha { get; private init; }

    /// <summary>The column, where one decides: its name, or its 0-based number where columns have no names.</summary>
    public string? Column { get; private init; }

    /// <summary>Where the column is in a store.</summary>
    /// <param name="names">Names of the store's columns; empty where they have none.</param>
    public ColumnReference? PlaceAmong(IReadOnlyCollection<string> names) => Column is null ? null
        : !names.Contains(Column, StringComparer.Ordinal) && int.TryParse(Column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? ColumnReference.At(number)
        : ColumnReference.Named(Column);

    /// <summary>What is drawn, where chance decides.</summary>
    public IPartition? Drawn => Kind switch
    {
        PartitionKind.Even => new EvenPartition(),
        PartitionKind.Dirichlet => new DirichletPartition(Alpha!.Value),
        PartitionKind.Quantity => new QuantityPartition(Alpha!.Value),
        _ => null,
    };

    /// <summary>Reads one.</summary>
    /// <param name="text">As in <c>dirichlet:0.3</c>.</param>
    /// <param name="choice">The partition.</param>
    /// <param name="fault">What is wrong, in words.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PartitionChoice? choice, [NotNullWhen(false)] out string? fault)
    {
        var (kind, argument) = text.Split(':', 2) is [var name, var rest] ? (name, rest) : (text, null);
        (choice, fault) = (kind, argument) switch
        {
            ("even", null) => (new PartitionChoice(PartitionKind.Even), null),
            ("sites", null) => (new PartitionChoice(PartitionKind.Sites), null),
            ("column", { Length: > 0 }) => (new PartitionChoice(PartitionKind.Column) { Column = argument }, null),
            ("dirichlet", not null) => WithAlpha(PartitionKind.Dirichlet, argument),
            ("quantity", not null) => WithAlpha(PartitionKind.Quantity, argument),
            _ => (null, $"'{text}' is no partition; it is {Forms}."),
        };
        return choice is not null;
    }

    private static (PartitionChoice? Choice, string? Fault) WithAlpha(PartitionKind kind, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha) && alpha is >= LeastAlpha and <= MostAlpha
            ? (new(kind) { Alpha = alpha }, null)
            : (null, $"'{text}' is no ALPHA: a number from {LeastAlpha.ToString(CultureInfo.InvariantCulture)} to {MostAlpha:0}, as in dirichlet:0.3.");
}

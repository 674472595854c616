using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>When a row is positive: <c>column op number</c>, as in <c>num &gt; 0</c>, op being one of &gt; &gt;= &lt; &lt;= == !=.</summary>
/// <remarks>
/// A column alone, as in <c>disease</c>, must hold 0 or 1. A column that consists of digits is a 0-based number. There is nothing
/// else to it: no brackets, no arithmetic, no second comparison.
/// </remarks>
internal sealed partial record TargetExpression
{
    private TargetExpression(ColumnReference column, string? comparison, double number) =>
        (Column, Comparison, Number) = (column, comparison, number);

    /// <summary>The column compared.</summary>
    public ColumnReference Column { get; }

    /// <summary>The comparison; absent where the column itself is 0 or 1.</summary>
    public string? Comparison { get; }

    /// <summary>What it is compared with.</summary>
    public double Number { get; }

    /// <summary>Reads an expression.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TargetExpression? target)
    {
        target = null;
        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var comparison = match.Groups["op"].Success ? match.Groups["op"].Value : null;
        var number = comparison is null ? 0 : DatasetSchemaRules.NumericValue(match.Groups["number"].Value);
        if (number is null)
        {
            return false;
        }

        var name = match.Groups["column"].Value;
        var column = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? ColumnReference.At(index)
            : ColumnReference.Named(name);
        target = new(column, comparison, number.Value);
        return true;
    }

    /// <summary>Whether a row with this value is positive; nothing where the value is neither 0 nor 1 and has to be.</summary>
    public bool? IsPositive(double value) => Comparison switch
    {
        ">" => value > Number,
        ">=" => value >= Number,
        "<" => value < Number,
        "<=" => value <= Number,
        "==" => value == Number,
        "!=" => value != Number,
        _ => value == 1 ? true : value == 0 ? false : null,
    };

    [GeneratedRegex(@"^\s*(?<column>[^<>=!]*[^<>=!\s])\s*((?<op>>=|<=|==|!=|>|<)\s*(?<number>[^<>=!\s]+)\s*)?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Federations;

/// <summary>Records whose every value is recognisable, and what they would look like where they should not be.</summary>
internal sealed class SentinelCohort
{
    private const int Rows = 120;
    private const int LabelsTogether = 24;

    // The marked values: no other number of a federation is one of these.
    private static readonly double[] Marked = [61.123457, 777.777, 148.654321, 93.271828, 5.314159, 66.626627, 81.998877, 171.223344];

    private readonly double[][] _rows;
    private readonly int[] _labels;

    public SentinelCohort(int seed)
    {
        // A multiplicative walk: values of six decimals, none twice.
        var state = (ulong)(seed * 2 + 1);
        double Next()
        {
            state = (state * 6364136223846793005UL) + 1442695040888963407UL;
            return (state >> 40) / (double)(1 << 24);
        }

        _rows = [.. Enumerable.Range(0, Rows).Select(row =>
            Marked.Select(marked => row == 0 ? marked : Math.Round((marked * (0.6 + (0.8 * Next()))) + 0.000001, 6)).ToArray())];
        _labels = [.. _rows.Select(row => row[0] + (40 * Next()) > 82 ? 1 : 0)];
    }

    public static JsonArray Features => new("age", "chol", "trestbps", "thalach", "oldpeak", "glucose", "weight", "height");

    /// <summary>The description that all hospitals share.</summary>
    public static JsonObject Describe() => new()
    {
        ["name"] = "sentinel",
        ["files"] = new JsonArray("{data}/{hospital}.csv"),
        ["features"] = new JsonArray([.. Features.Select(feature => new JsonObject { ["name"] = feature!.GetValue<string>() })]),
        ["label"] = new JsonObject { ["name"] = "outcome", ["target"] = "outcome_flag > 0" },
        ["split"] = new JsonObject { ["testFraction"] = 0.25, ["validationFraction"] = 0.25, ["seed"] = 1 },
    };

    public void Write(string path) => File.WriteAllLines(
        path,
        [
            string.Join(',', Features.Select(feature => feature!.GetValue<string>())) + ",outcome_flag",
            .. _rows.Select((row, index) => string.Join(',', row.Select(Text)) + "," + _labels[index]),
        ]);

    /// <summary>Every value as text and as a double, the marked ones as single floats, neighbours in a row or a column as pairs of floats.</summary>
    public IEnumerable<(string What, byte[] Bytes)> Traces()
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Marked.Length; column++)
            {
                var value = _rows[row][column];
                yield return ($"text {Text(value)}", Encoding.ASCII.GetBytes(Text(value)));
                yield return ($"float64 {Text(value)}", Double(value));
                if (row == 0)
                {
                    yield return ($"float32 {Text(value)}", Single(value));
                }

                if (column > 0)
                {
                    yield return ($"float32 pair in row {row}", [.. Single(_rows[row][column - 1]), .. Single(value)]);
                }

                if (row > 0)
                {
                    yield return ($"float32 pair in column {column}", [.. Single(_rows[row - 1][column]), .. Single(value)]);
                }
            }
        }

        for (var from = 0; from + LabelsTogether <= Rows; from++)
        {
            var labels = _labels[from..(from + LabelsTogether)];
            if (labels.Distinct().Count() == 1)
            {
                continue;
            }

            yield return ("labels as bytes", [.. labels.Select(label => (byte)label)]);
            yield return ("labels as int32", [.. labels.SelectMany(BitConverter.GetBytes)]);
            yield return ("labels as float32", [.. labels.SelectMany(label => Single(label))]);
            yield return ("labels as float64", [.. labels.SelectMany(label => Double(label))]);
            yield return ("labels as text", Encoding.ASCII.GetBytes(string.Join(',', labels)));
            yield return ("labels as lines", Encoding.ASCII.GetBytes(string.Join('\n', labels)));
        }
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static byte[] Single(double value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        return bytes;
    }

    private static byte[] Double(double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }
}

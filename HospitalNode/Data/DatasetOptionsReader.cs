using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FederatedOrleans.Identity;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>Reads the description of a dataset from JSON, with every fault at once.</summary>
/// <remarks>
/// Paths are relative to the folder of the description. In <c>files</c>, <c>split.file</c> and <c>split.hospital</c>, <c>{hospital}</c>
/// stands for this hospital's id and <c>{data}</c> for the data folder, so that one description serves every hospital.
/// </remarks>
internal sealed partial class DatasetOptionsReader
{
    /// <summary>Largest description read, in bytes.</summary>
    public const int MaximumBytes = 1024 * 1024;

    private readonly List<PlanFault> _faults = [];
    private readonly string _folder;
    private readonly string _hospital;
    private readonly string _dataFolder;

    private DatasetOptionsReader(string folder, string hospital, string? dataFolder)
    {
        _folder = Path.GetFullPath(folder);
        _hospital = hospital;
        _dataFolder = Path.GetFullPath(dataFolder ?? ".", _folder);
    }

    /// <summary>Reads a description from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hospital">This hospital's id: what <c>{hospital}</c> stands for.</param>
    /// <param name="dataFolder">What <c>{data}</c> stands for; the description's folder by default.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetException">The file is not there or anything in it is wrong.</exception>
    public static async Task<DatasetOptions> ReadFileAsync(
        string path, string hospital, string? dataFolder = null, CancellationToken cancellationToken = default)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            throw new DatasetException($"The dataset description {path} does not exist.");
        }

        try
        {
            return Read(await File.ReadAllBytesAsync(path, cancellationToken), Path.GetDirectoryName(path)!, hospital, dataFolder);
        }
        catch (DatasetException fault)
        {
            throw new DatasetException([.. fault.Faults.Select(sentence => $"{Path.GetFileName(path)}: {sentence}")]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The dataset description {path} cannot be read.");
        }
    }

    /// <summary>Reads a description.</summary>
    /// <param name="json">The JSON, UTF-8.</param>
    /// <param name="folder">Folder that relative paths start from.</param>
    /// <param name="hospital">This hospital's id.</param>
    /// <param name="dataFolder">What <c>{data}</c> stands for; <paramref name="folder"/> by default.</param>
    /// <exception cref="DatasetException">Anything is wrong with it.</exception>
    public static DatasetOptions Read(ReadOnlyMemory<byte> json, string folder, string hospital, string? dataFolder = null)
    {
        var reader = new DatasetOptionsReader(folder, hospital, dataFolder);
        using var document = JsonInput.Parse(json, MaximumBytes, reader._faults);
        var options = document is not null && JsonObjectReader.Of(document.RootElement, "$", reader._faults) is { } root
            ? reader.ReadOptions(root)
            : null;
        return options is not null && reader._faults.Count == 0
            ? options
            : throw new DatasetException([.. reader._faults.Select(fault => fault.ToString())]);
    }

    private static void CheckId(JsonObjectReader root, string? name)
    {
        if (name is not null && !Identifier.IsValid(name))
        {
            root.Fault("name", $"'{JsonObjectReader.Quote(name)}' is no id: {Identifier.Rule}");
        }
    }

    private DatasetOptions? ReadOptions(JsonObjectReader root)
    {
        var name = root.Text("name", required: true);
        CheckId(root, name);
        var header = root.Flag("header") ?? true;
        var features = ReadFeatures(root);
        var label = ReadLabel(root);
        var options = new DatasetOptions
        {
            Name = name ?? "",
            Files = ReadFiles(root),
            HasHeader = header,
            Columns = ReadColumns(root, header),
            Delimiter = ReadDelimiter(root),
            Missing = root.Text("missing")?.Trim() ?? "",
            Features = features,
            Label = label ?? new() { Name = "", Column = default },
            RowsWithMissing = ReadRowsWithMissing(root),
            Split = ReadSplit(root),
        };
        root.Finish();
        DatasetSchemaRules.Check(options.Schema, root.Path, hasLabel: label is not null, root.Has("features"), _faults);
        CheckColumns(options, label);
        return options;
    }

    private void CheckColumns(DatasetOptions options, LabelOptions? label)
    {
        if (options.HasHeader)
        {
            return;
        }

        var references = options.Features.Select(feature => feature.Column);
        references = label is null ? references : references.Append(label.Column);
        foreach (var reference in references.Where(reference => reference.Name is { Length: > 0 } name && !options.Columns.Contains(name, StringComparer.Ordinal)))
        {
            _faults.Add(new("$.columns", $"{reference} is used but not among the names of the columns, and the files have no header"));
        }
    }

    private ImmutableArray<string> ReadFiles(JsonObjectReader root)
    {
        var files = root.Texts("files", required: true);
        if (files is { IsEmpty: true })
        {
            root.Fault("files", "must name at least one file");
        }

        return [.. (files ?? []).Select(file => Full(root, "files", file))];
    }

    private static ImmutableArray<string> ReadColumns(JsonObjectReader root, bool header)
    {
        var columns = root.Texts("columns") ?? [];
        if (header && !columns.IsEmpty)
        {
            root.Fault("columns", "are given although the files have a header; say \"header\": false, or leave them out");
        }

        foreach (var repeated in columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
        {
            root.Fault("columns", $"names '{JsonObjectReader.Quote(repeated.Key)}' more than once");
        }

        return columns;
    }

    private static string ReadDelimiter(JsonObjectReader root)
    {
        var delimiter = root.Text("delimiter") ?? ",";
        if (delimiter.Length != 1 || !char.IsAscii(delimiter[0]) || delimiter[0] is '"' or '\r' or '\n' || char.IsLetterOrDigit(delimiter[0]))
        {
            root.Fault("delimiter", "must be one character such as \",\", \";\" or a tab");
        }

        return delimiter;
    }

    private static RowsWithMissing ReadRowsWithMissing(JsonObjectReader root)
    {
        root.Choice("rowsWithMissing", ["drop"]);
        return RowsWithMissing.Drop;
    }

    private ImmutableArray<FeatureOptions> ReadFeatures(JsonObjectReader root)
    {
        var features = ImmutableArray.CreateBuilder<FeatureOptions>();
        foreach (var (value, path) in root.Items("features", required: true) ?? [])
        {
            var reader = JsonObjectReader.Of(value, path, _faults);
            var name = reader?.Text("name", required: true) ?? "";
            var kind = reader?.Choice("kind", DatasetSchemaRules.KindNames);
            features.Add(new()
            {
                Spec = new()
                {
                    Name = name,
                    Kind = kind == DatasetSchemaRules.Categorical ? FeatureKind.Categorical : FeatureKind.Numeric,
                    Levels = reader?.Texts("levels") ?? [],
                },
                Column = reader is null ? ColumnReference.Named(name) : ReadColumn(reader, name),
            });
            reader?.Finish();
        }

        return features.ToImmutable();
    }

    private static ColumnReference ReadColumn(JsonObjectReader reader, string name)
    {
        if (!reader.Has("column"))
        {
            reader.Know("column");
            return ColumnReference.Named(name);
        }

        return reader.IsNumber("column")
            ? ColumnReference.At(reader.WholeInt32("column", 0, 100_000) ?? 0)
            : ColumnReference.Named(reader.Text("column") ?? name);
    }

    private static LabelOptions? ReadLabel(JsonObjectReader root)
    {
        var reader = root.Object("label", required: true);
        if (reader is null)
        {
            return null;
        }

        var name = reader.Text("name", required: true);
        var kind = reader.Choice("kind", DatasetSchemaRules.LabelKindNames) ?? DatasetSchemaRules.Binary;
        return kind == DatasetSchemaRules.Categorical ? ReadCategorical(reader, name) : ReadBinary(reader, name);
    }

    private static LabelOptions? ReadCategorical(JsonObjectReader reader, string? name)
    {
        var label = new LabelOptions
        {
            Name = name ?? "",
            Kind = LabelKind.Categorical,
            Levels = reader.Texts("levels", required: true) ?? [],
            Column = ReadColumn(reader, name ?? ""),
        };
        reader.Finish();
        return name is null ? null : label;
    }

    private static LabelOptions? ReadBinary(JsonObjectReader reader, string? name)
    {
        var text = reader.Text("target") ?? name;
        reader.Finish();
        if (name is null || text is null)
        {
            return null;
        }

        if (!TargetExpression.TryParse(text, out var target))
        {
            reader.Fault("target", $"'{JsonObjectReader.Quote(text)}' is no comparison such as \"num > 0\": column, one of > >= < <= == !=, number");
            return null;
        }

        return new() { Name = name, Target = target, Column = target.Column };
    }

    private const double MostHeldOut = 0.99;

    private SplitOptions ReadSplit(JsonObjectReader root)
    {
        var reader = root.Object("split");
        var defaults = new SplitOptions();
        if (reader is null)
        {
            return defaults;
        }

        SplitOptions split;
        if (reader.Has("file"))
        {
            split = new()
            {
                File = reader.Text("file") is { } file ? Full(reader, "file", file) : null,
                Hospital = reader.Text("hospital") is { } pointer ? Filled(reader, "hospital", pointer) : defaults.Hospital,
                Train = reader.Text("train") ?? defaults.Train,
                Test = reader.Text("test") ?? defaults.Test,
                Validation = reader.Text("validation"),
            };
            if (split.Hospital.Length > 0 && split.Hospital[0] != '/')
            {
                reader.Fault("hospital", "must be a path such as \"/centres/cleveland\"");
            }
        }
        else
        {
            reader.Know("file");
            split = new()
            {
                TestFraction = reader.NumberFrom("testFraction", 0.01, 0.99) ?? defaults.TestFraction,
                ValidationFraction = reader.NumberFrom("validationFraction", 0, 0.98) ?? defaults.ValidationFraction,
                Seed = reader.Whole("seed", long.MinValue, long.MaxValue) ?? defaults.Seed,
            };
            if (split.TestFraction + split.ValidationFraction > MostHeldOut)
            {
                reader.Fault("validationFraction", $"and testFraction are {split.TestFraction + split.ValidationFraction} of the rows together; at most {MostHeldOut} leaves some to train on");
            }
        }

        reader.Finish();
        return split;
    }

    private string Full(JsonObjectReader reader, string member, string path)
    {
        var filled = Filled(reader, member, path);
        if (filled.Length == 0 || filled.Contains('\0', StringComparison.Ordinal))
        {
            reader.Fault(member, "must be the path of a file");
            return _folder;
        }

        return Path.GetFullPath(filled, _folder);
    }

    private string Filled(JsonObjectReader reader, string member, string text) => Placeholder().Replace(text, match =>
    {
        switch (match.Value)
        {
            case "{hospital}":
                return _hospital;
            case "{data}":
                return _dataFolder;
            default:
                reader.Fault(member, $"{JsonObjectReader.Quote(match.Value)} is unknown; known: {{hospital}}, {{data}}");
                return match.Value;
        }
    });

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}

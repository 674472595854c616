using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>Reads the description of a dataset from JSON, with every fault at once.</summary>
/// <remarks>
/// Paths are as <see cref="DescriptionPaths"/> says; what the store has of its own, <see cref="StoreOptionsReader"/> reads.
/// </remarks>
internal sealed class DatasetOptionsReader
{
    /// <summary>Largest description read, in bytes.</summary>
    public const int MaximumBytes = 1024 * 1024;

    private const long LeastMemory = 1L << 20;
    private const long MostMemory = 16L << 30;
    private const int MostCell = 1_000_000;

    private readonly List<PlanFault> _faults = [];
    private readonly DescriptionPaths _paths;

    private DatasetOptionsReader(string folder, string hospital, string? dataFolder) => _paths = new(folder, hospital, dataFolder);

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
        var image = ImageShapeReader.Read(root);
        var store = StoreOptionsReader.Read(root, _paths, image);
        var features = ReadFeatures(root);
        var label = ReadLabel(root, store is NpzOptions ? NpzOptions.LabelColumn : null);
        var options = new DatasetOptions
        {
            Name = name ?? "",
            Store = store,
            Image = image,
            MemoryLimit = root.Whole("memoryLimit", LeastMemory, MostMemory) ?? DatasetOptions.DefaultMemoryLimit,
            Missing = root.Text("missing")?.Trim() ?? "",
            Features = features,
            Label = label ?? new() { Name = "", Column = default },
            MinimumCell = root.WholeInt32("minimumCell", 1, MostCell) ?? DatasetOptions.DefaultMinimumCell,
            TakesUndeclaredLevels = root.Choice("undeclaredLevels", ["fault", "missing"]) == "missing",
            RowsWithMissing = root.Choice("rowsWithMissing", ["drop", "keep"]) == "keep" ? RowsWithMissing.Keep : RowsWithMissing.Drop,
            Split = ReadSplit(root),
        };
        root.Finish();
        DatasetSchemaRules.Check(options.Schema, root.Path, hasLabel: label is not null, root.Has("features"), _faults);
        CheckColumns(options, label);
        return options;
    }

    private void CheckColumns(DatasetOptions options, LabelOptions? label)
    {
        if (options.Store is not CsvOptions { HasHeader: false } csv)
        {
            return;
        }

        var references = options.Features.Select(feature => feature.Column);
        references = label is null ? references : references.Append(label.Column);
        foreach (var reference in references.Where(reference => reference.Name is { Length: > 0 } name && !csv.Columns.Contains(name, StringComparer.Ordinal)))
        {
            _faults.Add(new("$.columns", $"{reference} is used but not among the names of the columns, and the files have no header"));
        }
    }

    private ImmutableArray<FeatureOptions> ReadFeatures(JsonObjectReader root)
    {
        var features = ImmutableArray.CreateBuilder<FeatureOptions>();
        foreach (var (value, path) in root.Items("features", required: !root.Has("image")) ?? [])
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

    private static LabelOptions? ReadLabel(JsonObjectReader root, string? onlyColumn)
    {
        var reader = root.Object("label", required: true);
        if (reader is null)
        {
            return null;
        }

        var name = reader.Text("name", required: true);
        var kind = DatasetSchemaRules.LabelKindOf(reader.Choice("kind", DatasetSchemaRules.LabelKindNames));
        return kind == LabelKind.Binary ? ReadBinary(reader, name, onlyColumn) : ReadColumnLabel(reader, name, kind, onlyColumn);
    }

    private static LabelOptions? ReadColumnLabel(JsonObjectReader reader, string? name, LabelKind kind, string? onlyColumn)
    {
        var label = new LabelOptions
        {
            Name = name ?? "",
            Kind = kind,
            Levels = kind == LabelKind.Categorical ? reader.Texts("levels", required: true) ?? [] : [],
            Column = ReadColumn(reader, onlyColumn ?? name ?? ""),
        };
        reader.Finish();
        return name is null ? null : label;
    }

    private static LabelOptions? ReadBinary(JsonObjectReader reader, string? name, string? onlyColumn)
    {
        var text = reader.Text("target") ?? onlyColumn ?? name;
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
                File = reader.Text("file") is { } file ? _paths.Full(reader, "file", file) : null,
                Hospital = reader.Text("hospital") is { } pointer ? _paths.Filled(reader, "hospital", pointer) : defaults.Hospital,
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
}

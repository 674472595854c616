using System.Collections.Immutable;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Plans;

/// <summary>What a dataset must look like to be trained on: features in the order of the model's inputs, or images; and the label.</summary>
public sealed record DatasetSchema
{
    /// <summary>Features in order; empty where there are images.</summary>
    public required ImmutableArray<FeatureSpec> Features { get; init; }

    /// <summary>The size of the images that are the inputs; absent where features are.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Name of the label.</summary>
    public required string Label { get; init; }

    /// <summary>Binary by default.</summary>
    public LabelKind LabelKind { get; init; }

    /// <summary>Classes of a categorical label over all hospitals, in the order of the model's outputs; empty for others.</summary>
    public ImmutableArray<string> LabelLevels { get; init; } = [];

    /// <summary>Classes: 2 of a binary label, none of a numeric one.</summary>
    public int ClassCount => LabelKind == LabelKind.Binary ? 2 : LabelLevels.Length;

    /// <summary>Number of the model's inputs.</summary>
    public int InputCount => Image?.Length ?? Features.Sum(feature => feature.InputCount);

    /// <summary>Names of the model's inputs: a numeric feature's name, or <c>name=level</c> for each level but the first. The values of an image have none.</summary>
    public ImmutableArray<string> InputNames =>
    [
        .. Features.SelectMany(feature => feature.InputNames),
    ];

    /// <summary>SHA-256 of the canonical text of this schema: the same wherever features, kinds, levels, their order and the label are.</summary>
    public ContentDigest Digest => DatasetSchemaDigest.Of(this);
}

using System.Collections.Immutable;
using System.Numerics.Tensors;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Simulation.Partitions;

namespace FederatedOrleans.Simulation.Results;

/// <summary>A simulated hospital.</summary>
internal sealed record HospitalResult
{
    /// <summary>Hospital id.</summary>
    public required string Hospital { get; init; }

    /// <summary>The column's value, or the site, that it is; absent where it is drawn or has several.</summary>
    public string? Group { get; init; }

    /// <summary>How many of them it has.</summary>
    public int? Groups { get; init; }

    /// <summary>Training rows.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Validation rows.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Test rows.</summary>
    public required int TestRows { get; init; }

    /// <summary>Training rows of each class; empty of a numeric label.</summary>
    public required ImmutableArray<long> LabelCounts { get; init; }

    /// <summary>Total variation of its training labels from those of all hospitals: 0 alike, 1 nothing in common; absent of a numeric label.</summary>
    public double? LabelDistance { get; init; }

    /// <summary>Those of a cohort.</summary>
    public static ImmutableArray<HospitalResult> Of(Cohort cohort)
    {
        var all = new long[cohort.Hospitals[0].LabelCounts.Length];
        foreach (var hospital in cohort.Hospitals)
        {
            TensorPrimitives.Add<long>(all, hospital.LabelCounts.AsSpan(), all);
        }

        return
        [
            .. cohort.Hospitals.Select(hospital => new HospitalResult
            {
                Hospital = hospital.Id,
                Group = hospital.Group == hospital.Id ? null : hospital.Group,
                Groups = hospital.Groups,
                TrainRows = hospital.Dataset.TrainRows.Length,
                ValidationRows = hospital.Dataset.ValidationRows.Length,
                TestRows = hospital.Dataset.TestRows.Length,
                LabelCounts = hospital.LabelCounts,
                LabelDistance = all.Length == 0 ? null : Differences.TotalVariation(hospital.LabelCounts.AsSpan(), all),
            }),
        ];
    }
}

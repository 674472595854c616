using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>A dataset standardised as a plan asks for: what trainers and evaluators work on. Immutable; made once for a run.</summary>
internal sealed class PreparedDataset
{
    private PreparedDataset(LocalDataset dataset, Standardization standardization)
    {
        (InputCount, Standardization) = (dataset.InputCount, standardization);
        Train = PreparedRows.Of(dataset, dataset.TrainRows.AsMemory(), standardization);
        Test = PreparedRows.Of(dataset, dataset.TestRows.AsMemory(), standardization);
        Validation = PreparedRows.Of(dataset, dataset.ValidationRows.AsMemory(), standardization);
    }

    /// <summary>Inputs a row.</summary>
    public int InputCount { get; }

    /// <summary>What was done to the inputs.</summary>
    public Standardization Standardization { get; }

    /// <summary>Training rows.</summary>
    public PreparedRows Train { get; }

    /// <summary>Test rows.</summary>
    public PreparedRows Test { get; }

    /// <summary>Validation rows; there may be none.</summary>
    public PreparedRows Validation { get; }

    /// <summary>Fits what <paramref name="plan"/> asks for on the training rows, and applies it to all.</summary>
    /// <exception cref="DatasetException">The dataset's schema is not the plan's.</exception>
    public static PreparedDataset For(TrainingPlan plan, LocalDataset dataset) => For(plan, dataset, plan.Training.Standardization switch
    {
        Standardizations.None => Standardization.None(dataset.InputCount),
        Standardizations.Local => Standardization.Fit(dataset),
        _ => throw new ArgumentException($"Unknown standardization '{plan.Training.Standardization}'.", nameof(plan)),
    });

    /// <summary>Applies a transformation that was fitted before, as the participant's state holds it.</summary>
    /// <exception cref="DatasetException">The dataset's schema is not the plan's.</exception>
    public static PreparedDataset For(TrainingPlan plan, LocalDataset dataset, Standardization standardization) =>
        dataset.Schema.Digest == plan.Dataset.Schema.Digest
            ? new(dataset, standardization)
            : throw new DatasetException($"Dataset {dataset.Name} does not have the schema that plan {plan.Name} asks for.");
}

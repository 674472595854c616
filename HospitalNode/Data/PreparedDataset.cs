using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data;

/// <summary>A dataset preprocessed as a plan asks for: what trainers and evaluators work on. Immutable; made once for a run.</summary>
internal sealed class PreparedDataset
{
    private PreparedDataset(LocalDataset dataset, IInputTransformation transformation, ScaledInput? label = null)
    {
        (InputCount, Standardization, LabelScale, MinimumCell) = (transformation.InputCount, transformation as Standardization, label, dataset.MinimumCell);
        Train = PreparedRows.Of(dataset, dataset.TrainRows.AsMemory(), transformation);
        Test = PreparedRows.Of(dataset, dataset.TestRows.AsMemory(), transformation);
        Validation = PreparedRows.Of(dataset, dataset.ValidationRows.AsMemory(), transformation);
    }

    /// <summary>Inputs a row.</summary>
    public int InputCount { get; }

    /// <summary>What the hospital has fitted itself; null where it preprocesses by statistics of all hospitals.</summary>
    public Standardization? Standardization { get; }

    /// <summary>How a numeric label was scaled; null where it was not.</summary>
    public ScaledInput? LabelScale { get; }

    /// <summary>Counts below this leave the hospital in no statistics.</summary>
    public int MinimumCell { get; }

    /// <summary>Training rows.</summary>
    public PreparedRows Train { get; }

    /// <summary>Test rows.</summary>
    public PreparedRows Test { get; }

    /// <summary>Validation rows; there may be none.</summary>
    public PreparedRows Validation { get; }

    /// <summary>Fits what <paramref name="plan"/>, which has no preprocessing, asks for on the training rows, and applies it to all.</summary>
    /// <exception cref="DatasetException">The dataset's schema is not the plan's, or values are missing.</exception>
    public static PreparedDataset For(TrainingPlan plan, LocalDataset dataset) => For(plan, dataset, plan.Training.Standardization switch
    {
        Standardizations.None => Standardization.None(dataset.InputCount),
        Standardizations.Local => Standardization.Fit(dataset),
        _ => throw new ArgumentException($"Unknown standardization '{plan.Training.Standardization}'.", nameof(plan)),
    });

    /// <summary>Applies a transformation that was fitted before, as the participant's state holds it.</summary>
    /// <exception cref="DatasetException">The dataset's schema is not the plan's, or values are missing.</exception>
    public static PreparedDataset For(TrainingPlan plan, LocalDataset dataset, Standardization standardization)
    {
        CheckSchema(plan, dataset);
        return dataset.HasMissing
            ? throw new DatasetException(
                $"Dataset {dataset.Name} keeps rows with missing values, and plan {plan.Name} does not say what to put in: it needs preprocessing, or the dataset rowsWithMissing \"drop\".")
            : new(dataset, standardization);
    }

    /// <summary>Applies a plan's preprocessing by statistics of all hospitals.</summary>
    /// <exception cref="DatasetException">The dataset's schema is not the plan's.</exception>
    public static PreparedDataset For(TrainingPlan plan, LocalDataset dataset, FittedPreprocessing fitted)
    {
        CheckSchema(plan, dataset);
        return new(dataset, new FederatedTransformation(fitted), fitted.Label);
    }

    private static void CheckSchema(TrainingPlan plan, LocalDataset dataset)
    {
        if (dataset.Schema.Digest != plan.Dataset.Schema.Digest)
        {
            throw new DatasetException($"Dataset {dataset.Name} does not have the schema that plan {plan.Name} asks for.");
        }
    }
}

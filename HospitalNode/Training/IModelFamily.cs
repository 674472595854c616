using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>The kinds of model that one piece of software can train and ask for predictions. A node has one or more.</summary>
internal interface IModelFamily
{
    /// <summary>Kinds of <see cref="ModelKinds"/>.</summary>
    ImmutableArray<string> Kinds { get; }

    /// <summary>Loads what it needs beside itself, so that what is missing is known when the node starts.</summary>
    /// <exception cref="Exception">It cannot be loaded, of whatever type.</exception>
    void Load()
    {
    }

    /// <summary>A trainer of a plan's model, for one training at a time.</summary>
    ITrainer TrainerOf(TrainingPlan plan);

    /// <summary>What a model predicts for rows, row by row: the probability of the positive label, that of each class, or the value of a numeric label.</summary>
    /// <param name="plan">The plan whose kind is one of <see cref="Kinds"/>.</param>
    /// <param name="model">The model, of the plan's length.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    double[] Predict(TrainingPlan plan, ParameterVector model, PreparedRows rows, CancellationToken cancellationToken);
}

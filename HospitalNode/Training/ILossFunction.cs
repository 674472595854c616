using FederatedOrleans.Data;

namespace FederatedOrleans.Training;

/// <summary>The loss of one kind of model on rows, and its gradient.</summary>
internal interface ILossFunction
{
    /// <summary>Adds the gradients of a batch's losses, each row's as it is: the sum, not the mean.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="rows">The rows, opened for this caller alone.</param>
    /// <param name="batch">Which of them, at least one.</param>
    /// <param name="gradient">What it is added to, as long as the model.</param>
    /// <returns>The sum of the batch's losses: in nats, or half the squared errors of a numeric label.</returns>
    double AddGradient(ReadOnlySpan<double> parameters, PreparedRows rows, ReadOnlySpan<int> batch, Span<double> gradient);
}

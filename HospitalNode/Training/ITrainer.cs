namespace FederatedOrleans.Training;

/// <summary>Trains one kind of model at a hospital. Pure computation: the same request gives the same result.</summary>
internal interface ITrainer
{
    /// <summary>Trains for one round, past the request's gate before every step. Call it off the grain's turn, on a thread that may block.</summary>
    /// <param name="request">What to train on and from.</param>
    /// <param name="progress">Told about a hundred times a round, on the calling thread.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <exception cref="TrainingDivergedException">A weight left the finite numbers.</exception>
    TrainingResult Train(TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default);
}

using FederatedOrleans.Data;
using FederatedOrleans.Site.Availability;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>Runs what depends on nothing but plan, model and records, so that its failures can be told from those of disk and link.</summary>
internal static class Computation
{
    /// <summary>Runs it. Anything that would happen again comes out as one of the exceptions that <see cref="JobFault"/> knows.</summary>
    /// <exception cref="ComputationException">It failed for no reason that has a name of its own.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> compute)
    {
        try
        {
            return await compute();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException or DatasetException
            or TrainingDivergedException or UnavailableException or IOException or UnauthorizedAccessException))
        {
            throw new ComputationException(exception.GetType().Name);
        }
    }
}

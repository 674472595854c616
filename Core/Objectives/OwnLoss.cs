namespace FederatedOrleans.Objectives;

/// <summary>The mean loss on the hospital's own rows and nothing else: empirical risk minimisation, as FedAvg has it.</summary>
public sealed class OwnLoss : ILocalObjective
{
    /// <summary><c>erm</c>.</summary>
    public const string PolicyName = "erm";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void Adjust(Span<double> gradient, int batch, ReadOnlySpan<double> parameters)
    {
        // Nothing.
    }
}

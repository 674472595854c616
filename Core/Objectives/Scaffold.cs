using System.Numerics.Tensors;
using FederatedOrleans.Models;

namespace FederatedOrleans.Objectives;

/// <summary>The loss, its gradient corrected by c - c_k: steps go where those of all hospitals would, not where this one's rows would have them.</summary>
/// <remarks>
/// Karimireddy et al., "SCAFFOLD: Stochastic Controlled Averaging for Federated Learning" (ICML 2020), algorithm 1 with option II:
/// y is y - lr (g - c_k + c); after K steps c_k' = c_k - c + (x - y) / (K lr). Hospital k sends y - x and c_k' - c_k, the centre moves
/// x by the aggregate of the former and c, the mean of the c_k weighted by training rows, by that of the latter. The paper weighs all
/// hospitals alike, in x and in c; by rows in both it is what FedAvg is, and equals SCAFFOLD as FLamby has it where all take part.
/// </remarks>
/// <param name="server">c; all zero before the first round.</param>
/// <param name="own">c_k; all zero before this hospital's first included update.</param>
public sealed class Scaffold(ParameterVector server, ParameterVector own) : ILocalObjective
{
    /// <summary><c>scaffold</c>.</summary>
    public const string PolicyName = "scaffold";

    private readonly double[] _correction = Difference(server, own);

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void Adjust(Span<double> gradient, int batch, ReadOnlySpan<double> parameters) =>
        TensorPrimitives.MultiplyAdd(_correction, batch, gradient, gradient);

    /// <summary>c_k' = c_k - c + (x - y) / r.</summary>
    /// <param name="moved">y - x: how far the local model went.</param>
    /// <param name="rate">r: the sum over the steps of their learning rates, K lr where all are alike. Above 0.</param>
    public ParameterVector Next(ReadOnlySpan<double> moved, double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        var next = new float[moved.Length];
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = (float)(-_correction[i] - (moved[i] / rate));
        }

        return new(next);
    }

    private static double[] Difference(ParameterVector server, ParameterVector own)
    {
        if (server.Length != own.Length)
        {
            throw new ArgumentException($"The hospital's control variate has {own.Length:N0} values, the server's {server.Length:N0}.", nameof(own));
        }

        var correction = new double[server.Length];
        for (var i = 0; i < correction.Length; i++)
        {
            correction[i] = (double)server.Span[i] - own.Span[i];
        }

        return correction;
    }
}

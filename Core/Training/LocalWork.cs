using System.Numerics;
using FederatedOrleans.Objectives;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>How much a hospital does in a round. It follows from the plan and the hospital's rows, so that the centre need not be told.</summary>
public static class LocalWork
{
    /// <summary>Batches of a whole pass, the last one maybe short.</summary>
    public static long BatchesPerPass(long rows, int batchSize) => (rows + batchSize - 1) / batchSize;

    /// <summary>tau: SGD steps of a round.</summary>
    /// <param name="plan">What the plan has hospitals do.</param>
    /// <param name="rows">The hospital's training rows, at least 1.</param>
    public static long Steps(LocalTrainingPlan plan, long rows)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return plan.Steps ?? (plan.Epochs ?? 1) * BatchesPerPass(rows, plan.BatchSize);
    }

    /// <summary>|a|_1: how many gradients, as they would count without a local objective, the update of a round is made of.</summary>
    /// <remarks>
    /// Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated Optimization" (NeurIPS 2020), section 4:
    /// tau for plain SGD; (1 - (1 - alpha)^tau) / alpha with alpha = lr mu for a proximal term, which lets earlier gradients fade.
    /// </remarks>
    /// <param name="plan">The plan.</param>
    /// <param name="round">The round, from 1.</param>
    /// <param name="rows">The hospital's training rows, at least 1.</param>
    public static double Norm(TrainingPlan plan, int round, long rows)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var steps = Steps(plan.Training, rows);
        var alpha = plan.Training.Objective.Name == FedProx.PolicyName ? LearningRateSchedules.RateAt(plan, round) * plan.Training.Objective.Mu : 0;

        return alpha == 0 ? steps : Geometric(1 - alpha, steps);
    }

    /// <summary>1 + q + q^2 + ... of so many terms, by doubling: it does not cancel where q is near 1, and has the same bits on every machine.</summary>
    private static double Geometric(double q, long terms)
    {
        var (sum, power) = (0.0, 1.0);
        for (var bit = 63 - BitOperations.LeadingZeroCount((ulong)terms); bit >= 0; bit--)
        {
            (sum, power) = (sum + (power * sum), power * power);
            if ((terms >> bit & 1) != 0)
            {
                (sum, power) = (sum + power, power * q);
            }
        }

        return sum;
    }
}

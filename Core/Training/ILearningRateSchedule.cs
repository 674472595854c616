namespace FederatedOrleans.Training;

/// <summary>How the step size of local training changes from round to round. A policy that a plan picks by name.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The name a plan gives it.</summary>
    string Name { get; }

    /// <summary>What the plan's learning rate is multiplied by in a round: above 0, at most 1.</summary>
    /// <param name="round">From 1 to the plan's number of rounds.</param>
    double FactorAt(int round);
}

using FederatedOrleans.Plans;

namespace FederatedOrleans.Models;

/// <summary>Which part of a model is a hospital's own, where models are made of such parts.</summary>
public static class HospitalParts
{
    /// <summary>The part, which begins with the training rows behind it or 0, in which a hospital's update may differ from zero; null where that is all of it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hospital">A hospital of it.</param>
    /// <exception cref="ArgumentException">The hospital is none of the plan's.</exception>
    public static ModelPart? Of(TrainingPlan plan, string hospital)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Model.Kind == ModelKinds.TreeEnsemble ? TreeLayout.Of(plan).PartOf(hospital) : null;
    }
}

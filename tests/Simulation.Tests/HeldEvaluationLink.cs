using FederatedOrleans.Evaluation;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>Holds every evaluation until a test lets them go.</summary>
internal sealed class HeldEvaluationLink(IHospitalLink link, Task released) : DelegatingHospitalLink(link)
{
    public override async Task<bool> ReportEvaluationAsync(AttemptId id, EvaluationMetrics metrics, CancellationToken cancellationToken)
    {
        await released.WaitAsync(cancellationToken);
        return await base.ReportEvaluationAsync(id, metrics, cancellationToken);
    }
}

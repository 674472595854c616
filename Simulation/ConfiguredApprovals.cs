using System.Collections.Immutable;
using FederatedOrleans.Site.Approvals;

namespace FederatedOrleans.Simulation;

/// <summary>Approvals by configuration: a simulated hospital approves every plan or none.</summary>
internal sealed class ConfiguredApprovals(IEnumerable<SimulatedHospital> hospitals) : IApprovals
{
    private readonly ImmutableHashSet<string> _approving =
        [.. hospitals.Where(hospital => hospital.Approves).Select(hospital => hospital.Id)];

    public bool IsApproved(string hospital, string dataset, AskedPlan plan) => _approving.Contains(hospital);
}

namespace FederatedOrleans.Site.Approvals;

/// <summary>What the dataset owners of a hospital have approved.</summary>
internal interface IApprovals
{
    /// <summary>Whether a plan is approved for a dataset.</summary>
    bool IsApproved(string hospital, string dataset, AskedPlan plan);
}

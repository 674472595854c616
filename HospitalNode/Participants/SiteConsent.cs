using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>Whether this hospital takes part in a plan: data, trainer and the owner's approval. Default: no.</summary>
internal sealed class SiteConsent(SiteContext context, IGrainFactory grains, IDatasetCatalog datasets, Trainers trainers)
{
    /// <summary>The first reason against it, or <see cref="SiteRefusal.None"/>.</summary>
    public async Task<SiteRefusal> AskAsync(TrainingPlan? plan, ContentDigest planDigest, CancellationToken cancellationToken)
    {
        if (plan is null || !trainers.Knows(plan.Model.Kind))
        {
            return SiteRefusal.TrainerMissing;
        }

        var schema = datasets.SchemaOf(plan.Dataset.Name);
        if (schema is null)
        {
            return SiteRefusal.DatasetMissing;
        }

        if (schema.Digest != plan.Dataset.Schema.Digest)
        {
            return SiteRefusal.SchemaDiffers;
        }

        var owner = grains.GetGrain<IDatasetGrain>(SiteKeys.Dataset(context.Hospital, plan.Dataset.Name));
        if (!await owner.ApprovesAsync(new(plan.Model.Kind, planDigest, plan.Name, plan.GathersStatistics), cancellationToken))
        {
            return SiteRefusal.NotApproved;
        }

        try
        {
            await Computation.RunAsync(() => datasets.LoadAsync(plan.Dataset.Name, cancellationToken));
            return SiteRefusal.None;
        }
        catch (Exception exception) when (JobFault.Of(exception) is not null)
        {
            return SiteRefusal.DataFaulty;
        }
    }
}

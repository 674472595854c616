using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>Notes what the sites' grains have stored: acceptances, trainings, updates in the outbox.</summary>
internal sealed class SiteRecordFilter(SiteRecord record) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        var hospital = GrainKeys.IdOf(context.TargetId.Key.ToString()!).Split('/')[0];
        switch (context.Grain, context.MethodName)
        {
            case (IParticipantGrain, nameof(IParticipantGrain.AcceptAsync)) when context.Result is SiteRefusal.None:
                record.Accepted(hospital, (AttemptId)context.Request.GetArgument(0)!);
                break;
            case (IParticipantGrain, nameof(IParticipantGrain.RecordAsync)) when context.Result is true:
                record.Recorded(hospital, ((OutboxEntry)context.Request.GetArgument(0)!).Id);
                break;
            case (IDatasetGrain, nameof(IDatasetGrain.UsedAsync)):
                record.Trains(hospital);
                break;
        }
    }
}

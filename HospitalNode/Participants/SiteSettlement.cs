using FederatedOrleans.Site.Link;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

/// <summary>Asks what became of updates in the outbox and settles them, by what is stored: the file may be gone.</summary>
internal sealed partial class SiteSettlement(SiteContext context, IGrainFactory grains, IHospitalLink link, Outbox outbox, SiteVectors residuals, SiteVectors controls, SiteVectors personals, ILogger logger)
{
    /// <summary>Settles an attempt, and deletes its file and what nothing names any more. False while its outcome is not decided.</summary>
    public async Task<bool> SettleAsync(AttemptId id, CancellationToken cancellationToken)
    {
        var participant = grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(context.Hospital, id.Run));
        var state = await participant.StateAsync(cancellationToken);
        if (state.Outbox?.Id == id)
        {
            var outcome = await link.OutcomeAsync(id, cancellationToken);
            if (!outcome.IsDecided)
            {
                return false;
            }

            await participant.SettleAsync(id, outcome.Included, cancellationToken);
            LogSettled(logger, context.Hospital, id, outcome.Included == state.Outbox.Digest ? "included" : "not included");
        }

        // By what is stored now, so that a second time does no harm.
        var current = (await participant.StateAsync(cancellationToken)).Memory;
        residuals.Settle(id, state.Memory.Residual, current.Residual);
        controls.Settle(id, state.Memory.Control, current.Control);
        personals.Settle(id, state.Memory.Personal, current.Personal);
        outbox.Delete(id);
        return true;
    }

    /// <summary>The attempt whose update awaits its outcome in a run, whether its file is there or not.</summary>
    public async Task<AttemptId?> OpenAsync(string run, CancellationToken cancellationToken) =>
        (await grains.GetGrain<IParticipantGrain>(SiteKeys.Participant(context.Hospital, run)).StateAsync(cancellationToken)).Outbox?.Id;

    [LoggerMessage(2004, LogLevel.Information, "{Hospital}: {Attempt} is settled, {Outcome}")]
    private static partial void LogSettled(ILogger logger, string hospital, AttemptId attempt, string outcome);
}

using System.Collections.Immutable;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>Holds the receipt of the first round until a whole pass over the second round's invitation has been made.</summary>
internal sealed class LateReceiptLink(IHospitalLink link, TaskCompletionSource invited) : DelegatingHospitalLink(link)
{
    private int _passes;

    public override async Task<SiteInbox> NextAsync(CancellationToken cancellationToken)
    {
        var inbox = await base.NextAsync(cancellationToken);
        if (inbox.Assignments.Any(assignment => assignment.Id.Round == 2) && Interlocked.Increment(ref _passes) == 2)
        {
            // A second pass: the first has dealt with the invitation.
            invited.TrySetResult();
        }

        return inbox;
    }

    public override async Task<bool> AnswerAsync(AttemptId id, SiteRefusal refusal, CancellationToken cancellationToken)
    {
        var taken = await base.AnswerAsync(id, refusal, cancellationToken);
        if (id.Round == 2)
        {
            invited.TrySetResult();
        }

        return taken;
    }

    public override async Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        var result = await base.UploadAsync(upload, cancellationToken);
        if (upload.Id.Round == 1)
        {
            // Not cancelled with the job: a call that has returned can't be called back.
            await invited.Task;
        }

        return result;
    }
}

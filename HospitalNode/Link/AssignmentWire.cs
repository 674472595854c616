using FederatedOrleans.Identity;
using FederatedOrleans.Link.V1;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Site.Link;

/// <summary>Assignments as the link carries them.</summary>
internal static class AssignmentWire
{
    /// <summary>Reads an assignment; null for one that this version does not understand, which is not carried out.</summary>
    public static SiteAssignment? Read(Assignment wire)
    {
        SiteStage? stage = wire.Stage switch
        {
            Stage.Invited => SiteStage.Invited,
            Stage.Wait => SiteStage.Wait,
            Stage.Train => SiteStage.Train,
            Stage.Evaluate => SiteStage.Evaluate,
            _ => null,
        };
        return stage is not null
            && Identifier.IsValid(wire.Run) && wire.Round >= 0 && wire.Attempt >= 0 && wire.Round + wire.Attempt > 0
            && ContentDigest.TryParse(wire.PlanDigest, out var plan)
            && ContentDigest.TryParse(wire.ModelDigest, out var model)
            && TryParseOptional(wire.ControlDigest, out var control)
            && TryParseOptional(wire.StatisticsDigest, out var statistics)
            && TryParseOptional(wire.IncumbentDigest, out var incumbent)
            ? new SiteAssignment(
                new AttemptId(wire.Run, wire.Round, wire.Attempt),
                wire.Epoch,
                stage.Value,
                plan,
                model,
                wire.Deadline.ToDateTimeOffset(),
                control,
                statistics,
                incumbent)
            : null;
    }

    private static bool TryParseOptional(string text, out ContentDigest digest)
    {
        digest = default;
        return text.Length == 0 || ContentDigest.TryParse(text, out digest);
    }
}

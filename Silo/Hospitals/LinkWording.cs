using FederatedOrleans.Link.V1;

namespace FederatedOrleans.Hospitals;

/// <summary>Reasons of the link in words. They are chosen here: a hospital sends a code, never a text.</summary>
internal static class LinkWording
{
    public static string Of(DeclineReason reason) => reason switch
    {
        DeclineReason.NotApproved => "not approved by the dataset's owner",
        DeclineReason.DatasetMissing => "it has no such dataset",
        DeclineReason.SchemaDiffers => "its dataset has another schema",
        DeclineReason.TrainerMissing => "its node lacks the trainer",
        DeclineReason.Busy => "busy with an earlier update",
        DeclineReason.DataFaulty => "its data can't be read as described",
        DeclineReason.NotNewer => "it has settled that attempt",
        _ => "no reason given",
    };

    public static string Of(TrainingFailure failure) => failure switch
    {
        TrainingFailure.Diverged => "training diverged",
        TrainingFailure.DataFaulty => "its data can't be read as described",
        _ => "training failed at the hospital; its log tells why",
    };
}

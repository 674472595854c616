using FederatedOrleans.Link.V1;

namespace FederatedOrleans.Hospitals;

/// <summary>Reasons of the link in words. They are chosen at the centre: a hospital sends a code, never a text.</summary>
internal static class LinkWording
{
    public static string Of(DeclineReason reason) => reason switch
    {
        DeclineReason.NotApproved => HospitalWording.NotApproved,
        DeclineReason.DatasetMissing => HospitalWording.DatasetMissing,
        DeclineReason.SchemaDiffers => HospitalWording.SchemaDiffers,
        DeclineReason.TrainerMissing => HospitalWording.TrainerMissing,
        DeclineReason.Busy => HospitalWording.Busy,
        DeclineReason.DataFaulty => HospitalWording.DataFaulty,
        DeclineReason.NotNewer => HospitalWording.NotNewer,
        DeclineReason.OutsideHours => HospitalWording.OutsideHours,
        DeclineReason.NoResources => HospitalWording.NoResources,
        _ => HospitalWording.NoReason,
    };

    public static string Of(TrainingFailure failure) => failure switch
    {
        TrainingFailure.Diverged => HospitalWording.Diverged,
        TrainingFailure.DataFaulty => HospitalWording.DataFaulty,
        _ => HospitalWording.TrainingFailed,
    };
}

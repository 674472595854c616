using FederatedOrleans.Hospitals;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>A site's codes in the centre's words.</summary>
internal static class SiteWording
{
    public static string Of(SiteRefusal refusal) => refusal switch
    {
        SiteRefusal.NotApproved => HospitalWording.NotApproved,
        SiteRefusal.DatasetMissing => HospitalWording.DatasetMissing,
        SiteRefusal.SchemaDiffers => HospitalWording.SchemaDiffers,
        SiteRefusal.TrainerMissing => HospitalWording.TrainerMissing,
        SiteRefusal.Busy => HospitalWording.Busy,
        SiteRefusal.DataFaulty => HospitalWording.DataFaulty,
        SiteRefusal.NotNewer => HospitalWording.NotNewer,
        SiteRefusal.OutsideHours => HospitalWording.OutsideHours,
        SiteRefusal.NoResources => HospitalWording.NoResources,
        _ => HospitalWording.NoReason,
    };

    public static string Of(SiteFailure failure) => failure switch
    {
        SiteFailure.Diverged => HospitalWording.Diverged,
        SiteFailure.DataFaulty => HospitalWording.DataFaulty,
        _ => HospitalWording.TrainingFailed,
    };
}

using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>A link that notes what a site sends, before anything happens to it.</summary>
internal sealed class RecordedLink(string hospital, IHospitalLink link, SiteRecord record) : DelegatingHospitalLink(link)
{
    public override Task<bool> ReportFailureAsync(AttemptId id, SiteFailure failure, CancellationToken cancellationToken)
    {
        record.Failed(hospital, id, failure);
        return base.ReportFailureAsync(id, failure, cancellationToken);
    }

    public override Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        record.Keep(hospital, upload);
        return base.UploadAsync(upload, cancellationToken);
    }
}

using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>A link on which a test can hold uploads before they are sent, or their receipts before they arrive.</summary>
internal sealed class HeldLink(IHospitalLink link, Func<UpdateUpload, Task> before, Func<UploadResult, Task> after) : DelegatingHospitalLink(link)
{
    public override async Task<UploadResult> UploadAsync(UpdateUpload upload, CancellationToken cancellationToken)
    {
        await before(upload).WaitAsync(cancellationToken);
        var result = await base.UploadAsync(upload, cancellationToken);
        await after(result).WaitAsync(cancellationToken);
        return result;
    }
}

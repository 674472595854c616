using System.Collections.Immutable;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>Tells when the hospital attends for the first time.</summary>
internal sealed class AnnouncedLink(IHospitalLink link) : DelegatingHospitalLink(link)
{
    private readonly TaskCompletionSource _attending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the centre has answered.</summary>
    public Task Attending => _attending.Task;

    public override Task AttendAsync(
        ImmutableArray<OfferedDataset> datasets, Action opened, Action<SiteInbox?> told, CancellationToken cancellationToken) =>
        base.AttendAsync(
            datasets,
            () =>
            {
                opened();
                _attending.TrySetResult();
            },
            told,
            cancellationToken);
}

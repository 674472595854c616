using FederatedOrleans.Hospitals;

namespace FederatedOrleans.Simulation;

/// <summary>The end of a simulated hospital's open stream: what it is told goes straight to the site.</summary>
internal sealed class InProcessObserver(Action<HospitalInbox?> told, CancellationTokenSource dropped) : IHospitalObserver
{
    public Task WakeUpAsync()
    {
        told(null);
        return Task.CompletedTask;
    }

    public Task TellAsync(HospitalInbox inbox)
    {
        told(inbox);
        return Task.CompletedTask;
    }

    public Task DropAsync() => dropped.CancelAsync();
}

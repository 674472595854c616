using FederatedOrleans.Hospitals;

namespace FederatedOrleans.Simulation;

/// <summary>The end of a simulated hospital's open stream: a wake-up goes straight to the site.</summary>
internal sealed class InProcessObserver(Action wake, CancellationTokenSource dropped) : IHospitalObserver
{
    public Task WakeUpAsync()
    {
        wake();
        return Task.CompletedTask;
    }

    public Task DropAsync() => dropped.CancelAsync();
}

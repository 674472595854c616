using Microsoft.Extensions.Hosting;

namespace FederatedOrleans.Client;

/// <summary>A host that leaves the process's signals alone: a library must not take Ctrl+C from its program.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

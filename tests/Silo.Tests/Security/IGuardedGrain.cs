using FederatedOrleans.Security;
using Orleans.Runtime;

namespace FederatedOrleans.Silo.Tests.Security;

[GrainInterfaceType("test.guarded")]
public interface IGuardedGrain : IGrainWithStringKey
{
    [Alias("who"), AllowClient(FederationRole.Researcher)]
    Task<string> WhoAsync();

    [Alias("operate"), AllowClient(FederationRole.Operator)]
    Task<string> OperateAsync();

    [Alias("relay"), AllowClient(FederationRole.Researcher)]
    Task<string> RelayAsync();

    [Alias("wait"), AllowClient(FederationRole.Researcher)]
    Task<bool> WaitAsync(CancellationToken cancellationToken = default);

    [Alias("hidden")]
    Task<string> HiddenAsync();
}

[GrainType("test.guarded")]
public sealed class GuardedGrain(IGrainFactory grains) : Grain, IGuardedGrain
{
    public static TaskCompletionSource Cancelled { get; set; } = new();

    public Task<string> WhoAsync() => Task.FromResult(Seen());

    public Task<string> OperateAsync() => WhoAsync();

    public async Task<string> RelayAsync()
    {
        await grains.GetGrain<IManagementGrain>(0).GetHosts();
        return await grains.GetGrain<IGuardedGrain>("other").HiddenAsync();
    }

    public async Task<bool> WaitAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(20), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }

        return true;
    }

    public Task<string> HiddenAsync() => Task.FromResult(Seen());

    private static string Seen() => $"{RequestContext.Get(RequestContextKeys.Subject)}|{RequestContext.Get(RequestContextKeys.Token)}";
}

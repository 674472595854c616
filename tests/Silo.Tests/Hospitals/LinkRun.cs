using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Hospitals;

/// <summary>A run in the first attempt at its first round, and its hospitals.</summary>
internal sealed record LinkRun(LinkSilo Silo, string Id, long Epoch, IReadOnlyList<LinkHospital> Hospitals, ContentDigest Plan)
{
    public IRunGrain Grain => Silo.Grains.GetGrain<IRunGrain>(GrainKeys.Run(Id));

    /// <summary>An update whose every value is the same, in bytes.</summary>
    public static byte[] Update(float value) =>
        new ParameterVector([.. Enumerable.Repeat(value, LinkSilo.UpdateBytes / sizeof(float))]).ToBytes();

    /// <summary>The run's first version, once it is committed.</summary>
    public async Task<RoundManifest> CommittedAsync()
    {
        RunView? view = null;
        await LinkSilo.UntilAsync("the round to be committed", async () =>
            (view = await Grain.ViewAsync(TestContext.Current.CancellationToken))!.Summary.CommittedRounds == 1);
        return view!.Latest!.Manifest;
    }

    public Task StopAsync() => Grain.StopAsync("the test is over", TestContext.Current.CancellationToken);
}

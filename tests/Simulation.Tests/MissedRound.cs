using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Simulation;

/// <summary>A run of three rounds whose second is closed without the update that the victim has trained for it.</summary>
internal sealed class MissedRound : IAsyncDisposable
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ParticipantState> _third = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestFederation? _federation;

    private MissedRound()
    {
    }

    public TestFederation Federation => _federation!;

    public string Run { get; private set; } = "";

    /// <summary>The victim's stored state while it uploads in the third round.</summary>
    public ParticipantState InThird { get; private set; } = new();

    /// <summary>Plays it to its end.</summary>
    /// <param name="plan">A plan of three rounds with at least three reports.</param>
    public static async Task<MissedRound> PlayAsync(byte[] plan)
    {
        var played = new MissedRound();
        try
        {
            await played.RunAsync(plan);
            return played;
        }
        catch
        {
            await played.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _federation?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task RunAsync(byte[] plan)
    {
        _federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Uploading = async (upload, token) =>
            {
                switch (upload.Id.Round)
                {
                    case 2:
                        _held.TrySetResult();
                        await Task.Delay(Timeout.Infinite, token);
                        break;
                    case 3:
                        _third.TrySetResult(await Federation.StateAsync(upload.Id.Run));
                        break;
                }
            },
        });
        Run = await Federation.Simulation.SubmitAsync(plan, Federation.Token);
        await _held.Task.WaitAsync(Federation.Token);
        var second = Federation.Simulation.Grains.GetGrain<IRoundCoordinatorGrain>(GrainKeys.Round(Run, 2));
        await Federation.UntilAsync(async () => await second.CloseAsync(1, Federation.Token) == RoundVerdict.Applied);
        Assert.Equal([4, 3, 4], (await Federation.VersionsAsync(Run)).Select(version => version.Manifest.Participants.Length));
        InThird = await _third.Task.WaitAsync(Federation.Token);
    }
}

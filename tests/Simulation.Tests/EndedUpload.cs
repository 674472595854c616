namespace FederatedOrleans.Simulation;

/// <summary>A federation whose victim's site is ended with an update of a round in its outbox, and started again.</summary>
internal sealed class EndedUpload
{
    private readonly TaskCompletionSource _uploading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _holding = true;

    private EndedUpload()
    {
    }

    public TestFederation Federation { get; private set; } = null!;

    /// <summary>Starts the federation, whose victim will not get the update of <paramref name="round"/> through.</summary>
    public static async Task<EndedUpload> StartAsync(int round)
    {
        var ended = new EndedUpload();
        ended.Federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Uploading = async (upload, token) =>
            {
                if (upload.Id.Round == round && Volatile.Read(ref ended._holding))
                {
                    ended._uploading.TrySetResult();
                    await Task.Delay(Timeout.Infinite, token);
                }
            },
        });
        return ended;
    }

    /// <summary>Waits for the upload, ends the site, and starts it with a line that holds nothing up.</summary>
    public async Task RestartAsync()
    {
        await _uploading.Task.WaitAsync(Federation.Token);
        await Federation.Simulation.StopHospitalAsync(TestFederation.Victim);
        Volatile.Write(ref _holding, false);
        await Federation.Simulation.StartHospitalAsync(TestFederation.Victim, Federation.Token);
    }
}

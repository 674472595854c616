using System.Collections.Concurrent;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>A site works by what it is told over its open stream: it asks where it can't know what holds, not for each job.</summary>
public sealed class ToldSiteTests
{
    private const string Asks = "asks";
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task From_the_invitation_to_the_upload_nothing_is_asked()
    {
        var calls = new ConcurrentQueue<string>();
        var asked = 0;
        await using var federation = await TestFederation.StartAsync(
            (link, _) => new ScriptedLink(link)
            {
                Asking = _ => Note(Asks),
                Asked = _ => Task.FromResult(Interlocked.Increment(ref asked)),
                Answering = (_, refusal, _) => Note($"answers {refusal}"),
                Uploading = (_, _) => Note("uploads"),
            },
            pollInterval: Never);

        // It asks when it starts, and when its stream is open, in whichever order: then there is nothing to do.
        await federation.UntilAsync(() => Task.FromResult(Volatile.Read(ref asked) == 2));
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);

        var version = Assert.Single(await federation.VersionsAsync(run));
        Assert.Contains(version.Manifest.Participants, update => update.Hospital == TestFederation.Victim);
        Assert.Equal([Asks, Asks, $"answers {SiteRefusal.None}", "uploads"], calls.Take(4));

        Task Note(string call)
        {
            calls.Enqueue(call);
            return Task.CompletedTask;
        }
    }
}

using System.Net;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Hospitals;

/// <summary>What the link does when it is asked for more than there is.</summary>
public sealed class LinkLimitsTests
{
    [Fact]
    public async Task An_update_without_room_waits_until_another_gives_its_room_back()
    {
        await using var silo = new LinkSilo { StagingBudget = 2 * LinkSilo.UpdateBytes };
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("room-a", "room-b", "room-c");
        var (first, second, third) = (run.Hospitals[0], run.Hospitals[1], run.Hospitals[2]);
        var update = LinkRun.Update(3);
        Assert.Equal(HttpStatusCode.Accepted, (await first.PutAsync(run, update, 0, new ByteArrayContent(update[..101]))).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await second.PutAsync(run, update, 0, new ByteArrayContent(update[..101]))).Status);

        var busy = await third.PutAsync(run, update, 0);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0L, TimeSpan.FromSeconds(1)), (busy.Status, busy.Held, busy.RetryAfter));

        // A refused update leaves its room.
        var wrong = await first.PutAsync(run, update, 101, new ByteArrayContent(new byte[update.Length - 101]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(HttpStatusCode.OK, (await third.PutAsync(run, update, 0)).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.ResumeAsync(run, update)).Status);
        Assert.Equal(["room-b", "room-c"], (await run.CommittedAsync()).Participants.Select(one => one.Hospital));
    }

    [Fact]
    public async Task Too_many_calls_of_one_hospital_are_turned_away_and_another_is_still_served()
    {
        await using var silo = new LinkSilo { Limits = new LinkLimits { CallsPerSecond = 2 } };
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("calls-a", "calls-b");
        var digest = ContentDigest.Of([1]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => run.Hospitals[0].HeadAsync(run, digest)));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Accepted),
            answer => Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.Status, answer.RetryAfter >= TimeSpan.FromSeconds(1))));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.Accepted, (await run.Hospitals[1].HeadAsync(run, digest)).Status);
        await LinkSilo.UntilAsync("a call of the first", async () =>
            (await run.Hospitals[0].HeadAsync(run, digest)).Status == HttpStatusCode.Accepted);
        await run.StopAsync();
    }

    [Fact]
    public async Task An_upload_beyond_those_that_may_wait_is_turned_away()
    {
        await using var silo = new LinkSilo { Limits = new LinkLimits { UploadsAtOnce = 1, UploadsWaiting = 1 } };
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("turn-a", "turn-b", "turn-c");
        var update = LinkRun.Update(3);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = run.Hospitals[0].PutAsync(run, update, 0, new SlowBody(update, release.Task));
        await LinkSilo.UntilAsync("the upload to be under way", async () =>
            (await run.Hospitals[0].HeadAsync(run, ContentDigest.Of(update))).Held > 0);

        Task<LinkAnswer>[] others = [run.Hospitals[1].PutAsync(run, update, 0), run.Hospitals[2].PutAsync(run, update, 0)];
        var away = await Task.WhenAny(others);
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), ((await away).Status, (await away).RetryAfter));
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await slow).Status);
        Assert.Equal(HttpStatusCode.OK, (await others.Single(other => other != away)).Status);
        await run.StopAsync();
    }
}

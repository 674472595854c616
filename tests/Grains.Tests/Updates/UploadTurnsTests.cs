namespace FederatedOrleans.Updates;

public sealed class UploadTurnsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_lowest_place_is_next_and_whoever_has_a_turn_goes_on_until_a_lower_one_waits()
    {
        var turns = new UploadTurns(1, Long);
        using var third = turns.For(3);
        await third.TakeAsync(Stop);
        await third.TakeAsync(Stop);
        using var fourth = turns.For(4);
        using var second = turns.For(2);
        var (fourthTaking, secondTaking) = (fourth.TakeAsync(Stop).AsTask(), second.TakeAsync(Stop).AsTask());
        Assert.False(secondTaking.IsCompleted);

        var thirdGoesOn = third.TakeAsync(Stop).AsTask();
        await secondTaking.WaitAsync(Patience, Stop);
        Assert.False(thirdGoesOn.IsCompleted);
        second.Dispose();
        await thirdGoesOn.WaitAsync(Patience, Stop);
        Assert.False(fourthTaking.IsCompleted);

        // Nobody of a lower place waits.
        await third.TakeAsync(Stop);
        third.Dispose();
        third.Dispose();
        await fourthTaking.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nobodys_turn()
    {
        var turns = new UploadTurns(1, Long);
        using var first = turns.For(1);
        await first.TakeAsync(Stop);
        using var giveUp = new CancellationTokenSource();
        using var second = turns.For(2);
        var waiting = second.TakeAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        using var third = turns.For(3);
        var thirdTaking = third.TakeAsync(Stop).AsTask();
        first.Dispose();
        await thirdTaking.WaitAsync(Patience, Stop);
        third.Dispose();
        await second.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Whoever_has_waited_long_enough_gets_a_turn_more_and_one_is_given_up_for_it()
    {
        var turns = new UploadTurns(1, TimeSpan.FromMilliseconds(50));
        using var first = turns.For(1);
        await first.TakeAsync(Stop);
        using var last = turns.For(9);
        await last.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        Assert.True(turns.MustYield(1));
        last.Dispose();
        Assert.False(turns.MustYield(1));
    }

    [Fact]
    public async Task A_turn_is_lent_while_its_upload_is_waited_for()
    {
        var turns = new UploadTurns(1, Long);
        using var first = turns.For(1);
        using var second = turns.For(2);
        await first.TakeAsync(Stop);
        Assert.Equal(7, await first.LendAsync(Task.FromResult(7), Patience));

        var reading = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lending = first.LendAsync(reading.Task, TimeSpan.FromMilliseconds(1));
        await second.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        reading.SetResult(8);

        // It has come, and waits for the turn.
        var secondGoesOn = second.TakeAsync(Stop).AsTask();
        while (!lending.IsCompleted)
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
            if (secondGoesOn.IsCompleted)
            {
                secondGoesOn = second.TakeAsync(Stop).AsTask();
            }
        }

        Assert.Equal(8, await lending);
        Assert.False(secondGoesOn.IsCompleted);
        first.Dispose();
        await secondGoesOn.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Never_more_have_a_turn_than_may_and_all_get_one()
    {
        var turns = new UploadTurns(2, Long);
        var (at, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(place => Task.Run(
            async () =>
            {
                using var turn = turns.For(place % 7);
                for (var chunk = 0; chunk < 50; chunk++)
                {
                    await turn.TakeAsync(Stop);
                    var now = Interlocked.Increment(ref at);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref at);
                }
            },
            Stop))).WaitAsync(Patience, Stop);
        Assert.Equal(2, most);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, known);
        }
    }
}

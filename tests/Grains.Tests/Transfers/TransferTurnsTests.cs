namespace FederatedOrleans.Transfers;

public sealed class TransferTurnsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_earliest_hospital_is_next_and_whoever_has_a_turn_goes_on_until_an_earlier_one_waits()
    {
        var turns = new TransferTurns(1, Long);
        using var third = turns.For("c");
        await third.TakeAsync(Stop);
        await third.TakeAsync(Stop);
        using var fourth = turns.For("d");
        using var second = turns.For("b");
        var (fourthTaking, secondTaking) = (fourth.TakeAsync(Stop).AsTask(), second.TakeAsync(Stop).AsTask());
        Assert.False(secondTaking.IsCompleted);

        var thirdGoesOn = third.TakeAsync(Stop).AsTask();
        await secondTaking.WaitAsync(Patience, Stop);
        Assert.False(thirdGoesOn.IsCompleted);
        second.Dispose();
        await thirdGoesOn.WaitAsync(Patience, Stop);
        Assert.False(fourthTaking.IsCompleted);

        // Nobody earlier waits.
        await third.TakeAsync(Stop);
        third.Dispose();
        third.Dispose();
        await fourthTaking.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nobodys_turn()
    {
        var turns = new TransferTurns(1, Long);
        using var first = turns.For("a");
        await first.TakeAsync(Stop);
        using var giveUp = new CancellationTokenSource();
        using var second = turns.For("b");
        var waiting = second.TakeAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        using var third = turns.For("c");
        var thirdTaking = third.TakeAsync(Stop).AsTask();
        first.Dispose();
        await thirdTaking.WaitAsync(Patience, Stop);
        third.Dispose();
        await second.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Whoever_has_waited_long_enough_gets_a_turn_more_and_one_is_given_up_for_it()
    {
        var turns = new TransferTurns(1, TimeSpan.FromMilliseconds(50));
        var (first, last) = await TakeOneTooManyAsync(turns);
        using var one = first;
        Assert.True(turns.MustYield("a"));
        last.Dispose();
        Assert.False(turns.MustYield("a"));
    }

    [Fact]
    public async Task A_turn_is_lent_while_its_upload_is_waited_for()
    {
        var turns = new TransferTurns(1, Long);
        using var first = turns.For("a");
        using var second = turns.For("b");
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
    public async Task A_turn_is_kept_while_it_is_the_machine_that_takes_its_time_but_not_on_a_line_known_to_be_slow()
    {
        var turns = new TransferTurns(1, Long);
        using var first = turns.For("a");
        using var second = turns.For("b");
        await first.TakeAsync(Stop);
        var reading = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        var lending = first.LendAsync(reading.Task, TimeSpan.FromMilliseconds(1), () => ++asked > 0);
        await second.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        Assert.Equal(4, asked);
        second.Dispose();
        reading.SetResult(1);
        Assert.Equal(1, await lending.WaitAsync(Patience, Stop));
        Assert.True(first.IsSlow);

        reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lending = first.LendAsync(reading.Task, TimeSpan.FromMilliseconds(1), () => throw new InvalidOperationException("asked"));
        await second.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        second.Dispose();
        reading.SetResult(2);
        Assert.Equal(2, await lending.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task A_turn_that_was_waited_for_is_kept_until_what_was_read_is_staged()
    {
        var turns = new TransferTurns(1, TimeSpan.FromMilliseconds(1));
        var (first, last) = await TakeOneTooManyAsync(turns);
        using var one = first;
        using var other = last;
        Assert.True(turns.MustYield("z"));
        Assert.True(last.LendAsync(Task.FromResult(1), Patience).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_slow_line_waits_for_less_and_is_slow_until_much_came_at_once()
    {
        var turns = new TransferTurns(1, Long);
        using var slow = turns.For("z");
        await slow.TakeAsync(Stop);
        var reading = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lending = slow.LendAsync(reading.Task, TimeSpan.FromMilliseconds(1));
        using var fast = turns.For("a");
        await fast.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);

        // The other never leaves.
        reading.SetResult(1);
        Assert.Equal(1, await lending.WaitAsync(Patience, Stop));
        for (var chunk = 0; chunk < 4; chunk++)
        {
            Assert.True(slow.IsSlow);
            await slow.LendAsync(Task.FromResult(1), Patience).WaitAsync(Patience, Stop);
        }

        Assert.False(slow.IsSlow);
    }

    [Fact]
    public async Task As_many_have_a_turn_as_may_and_never_more_and_all_get_one()
    {
        var turns = new TransferTurns(2, Long);
        using (var one = turns.For("y"))
        using (var other = turns.For("z"))
        {
            Assert.True(one.TakeAsync(Stop).AsTask().IsCompletedSuccessfully && other.TakeAsync(Stop).AsTask().IsCompletedSuccessfully);
        }

        var (at, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(place => Task.Run(
            async () =>
            {
                using var turn = turns.For($"h-{place % 7}");
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

        // Whether two ever met is the scheduler's to say.
        Assert.InRange(most, 1, 2);
    }

    /// <summary>Has hospital a take the only turn, and z one more after waiting.</summary>
    private static async Task<(TransferTurn First, TransferTurn Last)> TakeOneTooManyAsync(TransferTurns turns)
    {
        var (first, last) = (turns.For("a"), turns.For("z"));
        await first.TakeAsync(Stop);
        await last.TakeAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        return (first, last);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, known);
        }
    }
}

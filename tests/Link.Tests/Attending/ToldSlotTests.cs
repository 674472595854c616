namespace FederatedOrleans.Link.Attending;

/// <summary>What waits for its taker, and when that one has to ask.</summary>
public sealed class ToldSlotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_is_taken_once()
    {
        var slot = new ToldSlot<string>(remembersTaken: true);
        var waiting = slot.WaitAsync(Token).AsTask();
        Assert.False(waiting.IsCompleted);

        slot.Tell("older", 1);
        slot.Tell("newer", 2);
        Assert.True(await waiting);
        Assert.Equal("newer", slot.Take());
        waiting = slot.WaitAsync(Token).AsTask();
        Assert.False(waiting.IsCompleted);

        slot.Tell("the same", 2);
        Assert.True(await waiting);
        Assert.Equal("the same", slot.Take());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_was_overtaken_while_another_waits_is_asked_about_once(bool remembersTaken)
    {
        var slot = new ToldSlot<string>(remembersTaken);
        slot.Tell("newer", 2);
        slot.Tell("older", 1);
        slot.Tell("newest", 3);
        Assert.Null(slot.Take());

        slot.Tell("next", 4);
        Assert.Equal("next", slot.Take());
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "older")]
    public void One_that_was_overtaken_by_what_is_taken_is_asked_about_where_that_counts(bool remembersTaken, string? taken)
    {
        var slot = new ToldSlot<string>(remembersTaken);
        slot.Tell("newer", 2);
        Assert.Equal("newer", slot.Take());

        slot.Tell("older", 1);
        Assert.Equal(taken, slot.Take());
    }

    [Fact]
    public async Task Who_is_to_ask_asks_whatever_is_told_besides()
    {
        var slot = new ToldSlot<string>(remembersTaken: false);
        slot.Tell("before", 1);
        slot.Ask();
        slot.Tell("after", 2);
        Assert.True(await slot.WaitAsync(Token));
        Assert.Null(slot.Take());
    }

    [Fact]
    public async Task What_waits_at_the_end_is_taken_and_then_nothing_comes()
    {
        var slot = new ToldSlot<string>(remembersTaken: true);
        slot.Tell("last", 1);
        slot.Complete();
        Assert.True(await slot.WaitAsync(Token));
        Assert.Equal("last", slot.Take());
        Assert.False(await slot.WaitAsync(Token));
    }

    [Fact]
    public async Task However_many_tell_at_once_no_signal_is_left_for_what_is_taken()
    {
        const int Tellers = 4;
        const int Each = 500_000;
        var slot = new ToldSlot<object>(remembersTaken: true);
        async Task TellAsync()
        {
            await Task.WhenAll(Enumerable.Range(0, Tellers).Select(_ => Task.Run(
                () =>
                {
                    for (var told = 0; told < Each; told++)
                    {
                        slot.Tell(slot, 1);
                    }
                },
                Token)));
            slot.Complete();
        }

        var telling = TellAsync();
        while (await slot.WaitAsync(Token))
        {
            Assert.NotNull(slot.Take());
        }

        await telling;
    }
}

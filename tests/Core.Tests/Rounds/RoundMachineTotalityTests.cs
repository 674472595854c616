using FederatedOrleans.Identity;

namespace FederatedOrleans.Rounds;

/// <summary>Every event in every phase, from current, stale and unknown senders.</summary>
public sealed class RoundMachineTotalityTests
{
    public static TheoryData<RoundPhase> Phases => [.. Enum.GetValues<RoundPhase>()];

    [Theory]
    [MemberData(nameof(Phases))]
    public void Every_event_in_every_phase_has_a_verdict_and_leaves_a_sound_state(RoundPhase phase)
    {
        foreach (var occurred in EventsFor(RoundScript.In(phase).State))
        {
            foreach (var minutes in new[] { 0, 1, 1_000 })
            {
                var script = RoundScript.In(phase).Wait(TimeSpan.FromMinutes(minutes));
                var before = script.State;
                var verdict = script.Apply(occurred);

                Assert.True(Enum.IsDefined(verdict), $"{occurred}");
                Assert.Equal(verdict == RoundVerdict.Applied, !ReferenceEquals(before, script.State));
                Assert.True(verdict == RoundVerdict.Applied || script.Last.Effects.IsEmpty, $"{occurred}: effects without a change");
                RoundInvariants.Check(before, occurred, script.Last);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void An_event_taken_once_changes_nothing_the_second_time(RoundPhase phase)
    {
        // A clock that is set twice is set by both. Nobody repeats that: it is no message.
        foreach (var occurred in EventsFor(RoundScript.In(phase).State).Where(occurred => occurred is not RoundEvent.ClockSet))
        {
            var script = RoundScript.In(phase);
            script.Apply(occurred);
            var after = script.State;

            Assert.NotEqual(RoundVerdict.Applied, script.Apply(occurred));
            Assert.Same(after, script.State);
        }
    }

    [Fact]
    public void The_cross_product_has_every_kind_of_event()
    {
        var kinds = typeof(RoundEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(RoundEvent)));
        var generated = EventsFor(RoundScript.InTraining().State).Select(occurred => occurred.GetType()).ToHashSet();

        Assert.All(kinds, kind => Assert.Contains(kind, generated));
    }

    [Fact]
    public void Before_the_first_attempt_nothing_but_begin_is_taken()
    {
        foreach (var occurred in EventsFor(RoundState.NotBegun).Where(other => other is not RoundEvent.Begin { Attempt: > 0 }))
        {
            Assert.NotEqual(RoundVerdict.Applied, new RoundScript().Apply(occurred));
        }
    }

    private static IEnumerable<RoundEvent> EventsFor(RoundState state)
    {
        foreach (var attempt in new[] { state.Attempt - 1, state.Attempt, state.Attempt + 1 })
        {
            yield return new RoundEvent.Begin(
                "run-1", 1, attempt, RoundScript.Options, ContentDigest.Of([1]), ContentDigest.Of([2]), ["a", "b", "c"]);
            yield return new RoundEvent.CloseRequested(attempt);
            yield return new RoundEvent.CancelRequested(attempt, "by the operator");
            yield return new RoundEvent.Decided(attempt, Committed: true);
            yield return new RoundEvent.Decided(attempt, Committed: false);
            foreach (var hospital in new[] { "a", "z" })
            {
                yield return new RoundEvent.Accepted(hospital, attempt);
                yield return new RoundEvent.Declined(hospital, attempt, "busy");
                yield return new RoundEvent.Progress(hospital, attempt);
                yield return new RoundEvent.UpdateRefused(hospital, attempt, "not finite");
                foreach (var epoch in new[] { state.Epoch - 1, state.Epoch, state.Epoch + 1 })
                {
                    yield return new RoundEvent.UpdateAccepted(attempt, epoch, RoundScript.Update(hospital));
                    yield return new RoundEvent.UpdateAccepted(attempt, epoch, RoundScript.Update(hospital, content: 2));
                }
            }
        }

        foreach (var hospital in new[] { "a", "z" })
        {
            yield return new RoundEvent.HospitalLost(hospital);
            yield return new RoundEvent.HospitalBack(hospital);
        }

        foreach (var epoch in new[] { state.Epoch - 1, state.Epoch, state.Epoch + 1 })
        {
            yield return new RoundEvent.AggregatorOpened(epoch, state.EpochNonce, RoundScript.Nonce(77));
            yield return new RoundEvent.AggregatorOpened(epoch, RoundScript.Nonce(78), RoundScript.Nonce(77));
            yield return new RoundEvent.AggregatorLost(epoch);
            yield return new RoundEvent.AggregateReady(epoch, state.Frozen ?? [], ContentDigest.Of([9]));
            yield return new RoundEvent.AggregateReady(epoch, [RoundScript.Update("z")], ContentDigest.Of([9]));
        }

        yield return new RoundEvent.PhaseDeadline();
        yield return new RoundEvent.Alive();
        yield return new RoundEvent.Woken();
        yield return new RoundEvent.ClockSet(TimeSpan.FromHours(1));
        yield return new RoundEvent.ClockSet(TimeSpan.FromHours(-1));
    }
}

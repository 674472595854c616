using System.Collections.Immutable;

namespace FederatedOrleans.Rounds;

/// <summary>Each rule of the round protocol by its name.</summary>
public sealed class RoundMachineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Begin_invites_in_ordinal_order_whatever_order_is_given()
    {
        var script = RoundScript.Begun();

        Assert.Equal(["a", "b", "c"], script.State.Participants.Select(participant => participant.Hospital));
        Assert.All(script.State.Participants, participant => Assert.Equal(ParticipantStatus.Invited, participant.Status));
        Assert.Equal([new RoundEffect.OpenAggregator(), new RoundEffect.Offer()], script.Last.Effects);
    }

    [Fact]
    public void Selection_ends_when_the_goal_has_accepted()
    {
        var script = RoundScript.Begun(RoundScript.Options with { Invitations = 2, GoalCount = 2 });
        script.Accept("a");
        Assert.Equal(RoundPhase.Selecting, script.State.Phase);

        script.Accept("c");
        Assert.Equal(RoundPhase.Training, script.State.Phase);
        Assert.Equal(1, script.State.Epoch);
        Assert.Collection(
            script.Last.Effects,
            effect => Assert.IsType<RoundEffect.OpenAggregator>(effect),
            effect => Assert.IsType<RoundEffect.Offer>(effect));
    }

    [Fact]
    public void Selection_ends_when_nobody_present_is_missing()
    {
        var script = RoundScript.Begun();
        script.Accept("a");
        script.Accept("b");
        Assert.Equal(RoundPhase.Selecting, script.State.Phase);

        script.Lose("c");
        Assert.Equal(RoundPhase.Training, script.State.Phase);
    }

    [Fact]
    public void Selection_waits_for_a_hospital_that_comes_back()
    {
        var script = RoundScript.Begun();
        script.Lose("c");
        script.Accept("a");
        script.Return("c");
        script.Accept("b");

        Assert.Equal(RoundPhase.Selecting, script.State.Phase);
        script.Accept("c");
        Assert.Equal(RoundPhase.Training, script.State.Phase);
    }

    [Fact]
    public void Selection_with_the_minimum_ends_at_the_window()
    {
        var script = RoundScript.Begun();
        script.Accept("a");
        script.Accept("b");

        script.Wait((2 * Minute) - TimeSpan.FromTicks(1));
        Assert.Equal(RoundVerdict.NothingDue, script.Due());
        script.Wait(TimeSpan.FromTicks(1));
        Assert.Equal(RoundVerdict.Applied, script.Due());
        Assert.Equal(RoundPhase.Training, script.State.Phase);
    }

    [Fact]
    public void Selection_below_the_minimum_is_abandoned_at_the_window()
    {
        var script = RoundScript.Begun();
        script.Accept("a");
        script.Wait(2 * Minute).Due();

        Assert.Equal(RoundPhase.Abandoning, script.State.Phase);
        Assert.Equal("1 of at least 2 hospitals accepted", script.State.Reason);
        Assert.IsType<RoundEffect.AskAbandon>(Assert.Single(script.Last.Effects));
    }

    [Fact]
    public void Selection_is_abandoned_as_soon_as_the_minimum_is_out_of_reach()
    {
        var script = RoundScript.Begun();
        script.Decline("a");
        Assert.Equal(RoundPhase.Selecting, script.State.Phase);
        script.Decline("b");

        Assert.Equal(RoundPhase.Abandoning, script.State.Phase);
    }

    [Fact]
    public void Selection_is_not_hopeless_while_lost_hospitals_may_come_back()
    {
        var script = RoundScript.Begun();
        script.Lose("a");
        script.Lose("b");
        script.Lose("c");

        Assert.Equal(RoundPhase.Selecting, script.State.Phase);
        script.Accept("a");
        Assert.False(script.State.Find("a")!.Lost);
    }

    [Fact]
    public void Training_closes_when_all_have_reported()
    {
        var script = RoundScript.InTraining();
        script.Report("c");
        script.Report("a");
        Assert.Equal(RoundPhase.Training, script.State.Phase);
        script.Report("b");

        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Equal(["a", "b", "c"], script.State.Frozen!.Value.Select(update => update.Hospital));
        Assert.Equal(script.State.Frozen!.Value, Assert.IsType<RoundEffect.Fold>(Assert.Single(script.Last.Effects)).Frozen);
    }

    [Fact]
    public void Training_closes_when_the_last_one_missing_is_lost()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Report("b");
        script.Lose("c");

        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Equal(2, script.State.Frozen!.Value.Length);
    }

    [Fact]
    public void Training_closes_when_the_last_one_missing_fails()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Report("b");
        script.Apply(new RoundEvent.UpdateRefused("c", 1, "not finite"));

        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Equal("not finite", script.State.Find("c")!.Reason);
    }

    [Fact]
    public void Training_goes_on_while_a_lost_hospital_is_needed_for_the_minimum()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Lose("b");
        script.Lose("c");
        Assert.Equal(RoundPhase.Training, script.State.Phase);

        script.Return("b");
        script.Report("b");
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
    }

    [Fact]
    public void Training_is_abandoned_as_soon_as_the_minimum_is_out_of_reach()
    {
        var script = RoundScript.InTraining();
        script.Apply(new RoundEvent.UpdateRefused("a", 1, "diverged"));
        Assert.Equal(RoundPhase.Training, script.State.Phase);
        script.Apply(new RoundEvent.UpdateRefused("b", 1, "diverged"));

        Assert.Equal(RoundPhase.Abandoning, script.State.Phase);
        Assert.Equal("0 of at least 2 hospitals reported", script.State.Reason);
    }

    [Theory]
    [InlineData(10, 60)]
    [InlineData(29, 174)]
    public void Grace_is_a_tenth_of_the_elapsed_time_after_the_goal(int elapsedMinutes, int graceSeconds)
    {
        var script = RoundScript.InTraining(RoundScript.Options with { GoalCount = 2 });
        script.Report("a");
        script.Wait(elapsedMinutes * Minute);
        script.Report("b");
        Assert.Equal(RoundPhase.Training, script.State.Phase);

        script.Wait(TimeSpan.FromSeconds(graceSeconds - 1));
        Assert.Equal(elapsedMinutes == 29 ? RoundPhase.Closing : RoundPhase.Training, AfterDue(script));
        script.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(RoundPhase.Closing, AfterDue(script));
    }

    [Fact]
    public void Grace_by_default_is_never_longer_than_five_minutes()
    {
        var script = RoundScript.InTraining(RoundScript.Options with
        {
            GoalCount = 2, ReportingDeadline = TimeSpan.FromHours(10), ProgressCap = TimeSpan.FromHours(20),
        });
        script.Report("a");
        script.Wait(TimeSpan.FromHours(5));
        script.Report("b");

        Assert.Equal(script.Now + (5 * Minute), script.State.GraceEndsAt);
    }

    [Fact]
    public void Grace_of_the_plan_is_taken_as_it_is_and_the_others_may_still_finish()
    {
        var script = RoundScript.InTraining(RoundScript.Options with { GoalCount = 2, Grace = 7 * Minute });
        script.Report("a");
        script.Report("b");
        script.Wait(6 * Minute);
        Assert.Equal(RoundPhase.Training, AfterDue(script));

        script.Report("c");
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Equal(3, script.State.Frozen!.Value.Length);
    }

    [Fact]
    public void Training_with_the_minimum_closes_at_the_deadline()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Report("b");
        script.Wait((30 * Minute) - TimeSpan.FromTicks(1));
        Assert.Equal(RoundPhase.Training, AfterDue(script));
        script.Wait(TimeSpan.FromTicks(1));

        Assert.Equal(RoundPhase.Closing, AfterDue(script));
    }

    [Fact]
    public void Training_below_the_minimum_is_abandoned_at_the_deadline()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Wait(30 * Minute);

        Assert.Equal(RoundPhase.Abandoning, AfterDue(script));
    }

    [Fact]
    public void Progress_pushes_the_deadline_up_to_the_cap()
    {
        var script = RoundScript.InTraining();
        var configured = script.Now;
        Assert.Equal(RoundVerdict.NothingDue, script.Progress("a"));

        script.Wait(28 * Minute);
        Assert.Equal(RoundVerdict.Applied, script.Progress("a"));
        Assert.Equal(configured + (34 * Minute), script.State.Find("a")!.Deadline);
        Assert.Equal(configured + (34 * Minute), script.State.PhaseDeadline);
        Assert.Equal(configured + (30 * Minute), script.State.Find("b")!.Deadline);

        for (var i = 0; i < 20; i++)
        {
            script.Wait(2 * Minute);
            script.Progress("a");
        }

        Assert.Equal(configured + (60 * Minute), script.State.PhaseDeadline);
    }

    [Fact]
    public void Progress_of_one_hospital_does_not_make_the_round_wait_for_another()
    {
        var script = RoundScript.InTraining();
        script.Report("b");
        script.Wait(29 * Minute);
        script.Progress("a");
        script.Wait(2 * Minute);
        Assert.Equal(RoundPhase.Training, AfterDue(script));

        // c's own deadline is over: with a's report nobody is waited for.
        script.Report("a");
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
    }

    [Fact]
    public void Progress_never_brings_a_deadline_forward()
    {
        var script = RoundScript.InTraining(RoundScript.Options with { ReportingDeadline = 5 * Minute, ClosingDeadline = 10 * Minute });
        script.Wait(4 * Minute);
        script.LoseAggregator();
        script.Open();
        var deadline = script.State.PhaseDeadline;
        Assert.Equal(script.Now + (10 * Minute), deadline);

        script.Wait(Minute);
        script.Progress("a");
        Assert.True(script.State.PhaseDeadline >= deadline);
    }

    [Fact]
    public void Verdicts_name_what_is_wrong_with_an_answer()
    {
        var script = RoundScript.Begun();
        Assert.Equal(RoundVerdict.UnknownParticipant, script.Accept("z"));
        Assert.Equal(RoundVerdict.WrongAttempt, script.Apply(new RoundEvent.Accepted("a", 2)));
        Assert.Equal(RoundVerdict.Applied, script.Accept("a"));
        Assert.Equal(RoundVerdict.Duplicate, script.Accept("a"));
        Assert.Equal(RoundVerdict.Conflict, script.Decline("a"));
        Assert.Equal(RoundVerdict.Applied, script.Decline("b"));
        Assert.Equal(RoundVerdict.Duplicate, script.Decline("b"));
        Assert.Equal(RoundVerdict.Conflict, script.Accept("b"));
        script.Accept("c");

        Assert.Equal(RoundPhase.Training, script.State.Phase);
        Assert.Equal(RoundVerdict.Duplicate, script.Accept("a"));
        Assert.Equal(RoundVerdict.Late, script.Decline("a"));
        Assert.Equal(RoundVerdict.Late, script.Accept("b"));
    }

    [Fact]
    public void Verdicts_name_what_is_wrong_with_an_update()
    {
        var script = RoundScript.InTraining();
        Assert.Equal(RoundVerdict.UnknownParticipant, script.Report("z"));
        Assert.Equal(RoundVerdict.WrongAttempt, script.Apply(new RoundEvent.UpdateAccepted(2, 1, RoundScript.Update("a"))));
        Assert.Equal(RoundVerdict.WrongEpoch, script.Apply(new RoundEvent.UpdateAccepted(1, 2, RoundScript.Update("a"))));
        Assert.Equal(RoundVerdict.Applied, script.Report("a"));
        Assert.Equal(RoundVerdict.Duplicate, script.Report("a"));
        Assert.Equal(RoundVerdict.Conflict, script.Report("a", content: 2));
        Assert.Equal(RoundVerdict.Conflict, script.Report("a", examples: 11));
        script.Report("b");
        script.Lose("c");

        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Equal(RoundVerdict.Duplicate, script.Report("a"));
        Assert.Equal(RoundVerdict.Late, script.Report("c"));
        Assert.Equal(RoundVerdict.Early, RoundScript.Begun().Apply(new RoundEvent.UpdateAccepted(1, 1, RoundScript.Update("a"))));
    }

    [Fact]
    public void An_update_of_a_hospital_that_declined_or_failed_does_not_count()
    {
        var script = RoundScript.Begun(RoundScript.Options with { MinimumReports = 1 });
        script.Decline("a");
        script.Accept("b");
        script.Accept("c");
        script.Apply(new RoundEvent.UpdateRefused("b", 1, "not finite"));

        Assert.Equal(RoundVerdict.UnknownParticipant, script.Report("a"));
        Assert.Equal(RoundVerdict.UnknownParticipant, script.Report("b"));
        Assert.Empty(script.State.Counted);
    }

    [Fact]
    public void A_refused_update_does_not_undo_one_that_counts()
    {
        var script = RoundScript.InTraining();
        script.Report("a");

        Assert.Equal(RoundVerdict.Conflict, script.Apply(new RoundEvent.UpdateRefused("a", 1, "not finite")));
        Assert.Single(script.State.Counted);
    }

    [Fact]
    public void The_first_activation_to_answer_is_the_epochs()
    {
        var script = RoundScript.In(RoundPhase.Training);
        var known = script.State.Incarnation;

        Assert.Equal(RoundVerdict.Duplicate, script.Open());
        Assert.Equal(RoundVerdict.Conflict, script.Open(incarnation: 2));
        Assert.Equal(known, script.State.Incarnation);
        Assert.Equal(
            RoundVerdict.WrongEpoch,
            script.Apply(new RoundEvent.AggregatorOpened(script.State.Epoch, RoundScript.Nonce(999), RoundScript.Nonce(5))));
    }

    [Fact]
    public void An_aggregator_that_opens_while_hospitals_are_asked_is_the_one_of_the_training()
    {
        var script = RoundScript.Begun();
        Assert.Equal(RoundVerdict.Applied, script.Open());
        var (epoch, opened) = (script.State.Epoch, script.State.Incarnation);
        script.Accept("a");
        script.Accept("b");
        script.Accept("c");

        Assert.Equal((RoundPhase.Training, epoch), (script.State.Phase, script.State.Epoch));
        Assert.NotNull(opened);
        Assert.Equal(opened, script.State.Incarnation);
        Assert.Equal(RoundVerdict.Applied, script.Report("a"));
    }

    [Fact]
    public void An_aggregator_lost_while_hospitals_are_asked_begins_another_epoch_and_no_answer_is_lost()
    {
        var script = RoundScript.Begun();
        script.Accept("a");
        script.Open();
        Assert.Equal(RoundVerdict.Conflict, script.Open(incarnation: 2));
        var before = script.State;

        Assert.Equal(RoundVerdict.Applied, script.LoseAggregator());
        Assert.Equal(RoundPhase.Selecting, script.State.Phase);
        Assert.Equal((before.Epoch + 1, 1, null), (script.State.Epoch, script.State.EpochsLost, script.State.Incarnation));
        Assert.NotEqual(before.EpochNonce, script.State.EpochNonce);
        Assert.Equal(before.Participants, script.State.Participants);
        Assert.Equal(before.PhaseDeadline, script.State.PhaseDeadline);
        Assert.Equal(RoundMachine.EffectsOf(script.State), script.Last.Effects);

        // The training has all its epochs.
        script.Accept("b");
        script.Accept("c");
        Assert.Equal((RoundPhase.Training, 0), (script.State.Phase, script.State.EpochsLost));
    }

    [Fact]
    public void A_selection_that_an_earlier_version_stored_gets_its_epoch_with_the_training()
    {
        var begun = RoundScript.Begun().State with { Epoch = 4, EpochNonce = Guid.Empty };
        Assert.Equal([new RoundEffect.Offer()], RoundMachine.EffectsOf(begun));
        var opened = new RoundEvent.AggregatorOpened(4, Guid.Empty, RoundScript.Nonce(1));
        Assert.Equal(RoundVerdict.WrongEpoch, RoundMachine.Apply(begun, opened, RoundScript.Start, RoundScript.Nonce(2)).Verdict);

        var training = begun.Participants.Aggregate(begun, (state, participant) =>
            RoundMachine.Apply(state, new RoundEvent.Accepted(participant.Hospital, 1), RoundScript.Start, RoundScript.Nonce(3)).State);
        Assert.Equal((RoundPhase.Training, 5L, RoundScript.Nonce(3)), (training.Phase, training.Epoch, training.EpochNonce));
    }

    [Fact]
    public void An_aggregator_lost_in_training_asks_for_all_updates_again()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Wait(10 * Minute);
        var deadline = script.State.PhaseDeadline;
        Assert.Equal(RoundVerdict.Applied, script.LoseAggregator());

        Assert.Equal((RoundPhase.Training, 2L), (script.State.Phase, script.State.Epoch));
        Assert.Empty(script.State.Counted);
        Assert.Null(script.State.Incarnation);
        Assert.Equal(deadline, script.State.PhaseDeadline);
        Assert.Equal(RoundVerdict.WrongEpoch, script.Apply(new RoundEvent.AggregatorLost(1)));

        // Nothing was frozen yet: a hospital that trained anew may bring another update.
        script.Open();
        Assert.Equal(RoundVerdict.Applied, script.Report("a", content: 2));
    }

    [Fact]
    public void An_aggregator_lost_near_the_deadline_leaves_a_window_to_those_who_were_uploading()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Wait(29 * Minute);
        script.LoseAggregator();
        script.Open();
        script.Wait(2 * Minute);
        script.Due();

        Assert.Equal(RoundPhase.Training, script.State.Phase);
        Assert.Equal(RoundVerdict.Applied, script.Report("a"));
        Assert.Equal(RoundVerdict.Applied, script.Report("b"));
        Assert.Equal(RoundPhase.Training, AfterDue(script));
        Assert.Equal(RoundVerdict.Applied, script.Report("c"));
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
    }

    [Fact]
    public void An_aggregator_lost_in_closing_takes_only_what_was_frozen()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Report("b");
        script.Lose("c");
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        script.LoseAggregator();
        script.Open();

        Assert.Equal(RoundPhase.Training, script.State.Phase);
        Assert.Equal(script.Now + (3 * Minute), script.State.PhaseDeadline);
        Assert.Equal(RoundVerdict.Conflict, script.Report("c"));
        Assert.Equal(RoundVerdict.Conflict, script.Report("a", content: 2));
        Assert.Equal(RoundVerdict.Applied, script.Report("a"));
        Assert.Equal(RoundVerdict.Applied, script.Report("b"));
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Equal(["a", "b"], script.State.Frozen!.Value.Select(update => update.Hospital));
    }

    [Fact]
    public void A_new_epoch_may_shrink_the_frozen_set_to_the_minimum()
    {
        var script = RoundScript.InClosing();
        script.LoseAggregator();
        script.Open();
        script.Report("a");
        script.Report("c");
        script.Wait(3 * Minute);

        Assert.Equal(RoundPhase.Closing, AfterDue(script));
        Assert.Equal(["a", "c"], script.State.Frozen!.Value.Select(update => update.Hospital));
    }

    [Fact]
    public void A_new_epoch_below_the_minimum_is_abandoned_after_its_window()
    {
        var script = RoundScript.InClosing();
        script.LoseAggregator();
        script.Open();
        script.Report("a");
        script.Wait(3 * Minute);

        Assert.Equal(RoundPhase.Abandoning, AfterDue(script));
    }

    [Fact]
    public void Progress_extends_the_window_to_upload_again()
    {
        var script = RoundScript.InClosing();
        script.LoseAggregator();
        script.Open();
        Assert.Equal(script.Now + (3 * Minute), script.State.Find("a")!.Deadline);
        script.Wait(2 * Minute);

        Assert.Equal(RoundVerdict.Applied, script.Progress("a"));
        Assert.Equal(script.Now + (6 * Minute), script.State.PhaseDeadline);
    }

    [Fact]
    public void Progress_of_a_hospital_that_is_not_in_the_frozen_set_extends_nothing()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Report("b");
        script.Lose("c");
        script.LoseAggregator();
        script.Open();
        script.Return("c");
        script.Wait(2 * Minute);
        var deadline = script.State.PhaseDeadline;

        Assert.NotEqual(RoundVerdict.Applied, script.Progress("c"));
        Assert.Equal(deadline, script.State.PhaseDeadline);
    }

    [Fact]
    public void An_attempt_whose_aggregator_is_lost_again_and_again_is_abandoned()
    {
        var script = RoundScript.InTraining();
        for (var i = 1; i < RoundMachine.MaximumEpochs; i++)
        {
            Assert.Equal(RoundPhase.Training, script.State.Phase);
            script.LoseAggregator();
        }

        Assert.Equal(RoundMachine.MaximumEpochs, script.State.Epoch);
        script.LoseAggregator();
        Assert.Equal(RoundPhase.Abandoning, script.State.Phase);
        Assert.Contains("lost", script.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Epochs_never_repeat_over_the_attempts_of_a_round()
    {
        var script = RoundScript.InTraining();
        script.LoseAggregator();
        script.Apply(new RoundEvent.CancelRequested(1, "by the operator"));
        script.Apply(new RoundEvent.Decided(1, Committed: false));
        Assert.Equal(RoundVerdict.Applied, script.Begin(2));
        Assert.Equal(3, script.State.Epoch);
        script.Accept("a");
        script.Accept("b");
        script.Accept("c");

        Assert.Equal(3, script.State.Epoch);
        Assert.Equal(0, script.State.EpochsLost);
        Assert.Null(script.State.Incarnation);
    }

    [Fact]
    public void An_aggregate_of_another_set_voids_the_epoch()
    {
        foreach (var other in new ImmutableArray<Updates.ParticipantUpdate>[]
        {
            [RoundScript.Update("a"), RoundScript.Update("b")],
            [RoundScript.Update("b"), RoundScript.Update("a"), RoundScript.Update("c")],
            [RoundScript.Update("a"), RoundScript.Update("b"), RoundScript.Update("c", content: 2)],
            [RoundScript.Update("a"), RoundScript.Update("b"), RoundScript.Update("c", examples: 11)],
            [],
        })
        {
            var script = RoundScript.InClosing();
            Assert.Equal(RoundVerdict.Applied, script.Ready(other));

            Assert.Equal((RoundPhase.Training, 2L), (script.State.Phase, script.State.Epoch));
            Assert.True(script.State.NewModel.IsNone);
        }
    }

    [Fact]
    public void An_aggregate_of_the_frozen_set_asks_the_run_to_commit_and_no_epoch_opens_after_it()
    {
        var script = RoundScript.InClosing();
        script.Ready();

        Assert.Equal(RoundPhase.Committing, script.State.Phase);
        Assert.IsType<RoundEffect.AskCommit>(Assert.Single(script.Last.Effects));
        Assert.Equal(RoundVerdict.Late, script.LoseAggregator());
        Assert.Equal(RoundVerdict.Duplicate, script.Ready());
    }

    [Fact]
    public void Closing_has_a_deadline_of_its_own()
    {
        var script = RoundScript.InClosing();
        script.Wait(3 * Minute);

        Assert.Equal(RoundPhase.Abandoning, AfterDue(script));
    }

    [Fact]
    public void Only_the_run_commits_or_abandons()
    {
        var script = RoundScript.InCommitting();
        script.Wait(TimeSpan.FromDays(10));
        Assert.Equal(RoundVerdict.NothingDue, script.Due());
        Assert.Equal(RoundPhase.Committing, script.State.Phase);
        Assert.Equal(RoundVerdict.WrongAttempt, script.Apply(new RoundEvent.Decided(2, Committed: true)));

        Assert.Equal(RoundVerdict.Applied, script.Apply(new RoundEvent.Decided(1, Committed: true)));
        Assert.Equal(RoundPhase.Committed, script.State.Phase);
        Assert.IsType<RoundEffect.TellOutcome>(Assert.Single(script.Last.Effects));
        Assert.Equal(RoundVerdict.Duplicate, script.Apply(new RoundEvent.Decided(1, Committed: true)));
        Assert.Equal(RoundVerdict.Conflict, script.Apply(new RoundEvent.Decided(1, Committed: false)));
    }

    [Fact]
    public void An_attempt_being_abandoned_may_turn_out_to_be_committed()
    {
        var script = RoundScript.InCommitting();
        script.Apply(new RoundEvent.CancelRequested(1, "by the operator"));
        Assert.Equal(RoundPhase.Abandoning, script.State.Phase);

        script.Apply(new RoundEvent.Decided(1, Committed: true));
        Assert.Equal(RoundPhase.Committed, script.State.Phase);
    }

    [Fact]
    public void Begin_of_an_older_attempt_is_refused_and_of_the_current_one_changes_nothing()
    {
        var script = RoundScript.In(RoundPhase.Abandoned);
        script.Begin(2);
        var state = script.State;

        Assert.Equal(RoundVerdict.WrongAttempt, script.Begin(1));
        Assert.Equal(RoundVerdict.Duplicate, script.Begin(2));
        Assert.Same(state, script.State);
    }

    [Fact]
    public void No_attempt_begins_after_the_commit()
    {
        var script = RoundScript.In(RoundPhase.Committed);

        Assert.Equal(RoundVerdict.Late, script.Begin(2));
        Assert.Equal(RoundPhase.Committed, script.State.Phase);
    }

    [Fact]
    public void Close_goes_on_with_what_is_there_but_never_below_the_minimum()
    {
        var selecting = RoundScript.Begun();
        selecting.Accept("a");
        Assert.Equal(RoundVerdict.Forbidden, selecting.Apply(new RoundEvent.CloseRequested(1)));
        selecting.Accept("b");
        Assert.Equal(RoundVerdict.Applied, selecting.Apply(new RoundEvent.CloseRequested(1)));
        Assert.Equal(RoundPhase.Training, selecting.State.Phase);

        var training = RoundScript.InTraining();
        training.Report("a");
        Assert.Equal(RoundVerdict.Forbidden, training.Apply(new RoundEvent.CloseRequested(1)));
        training.Report("b");
        Assert.Equal(RoundVerdict.WrongAttempt, training.Apply(new RoundEvent.CloseRequested(2)));
        Assert.Equal(RoundVerdict.Applied, training.Apply(new RoundEvent.CloseRequested(1)));
        Assert.Equal(RoundPhase.Closing, training.State.Phase);
        Assert.Equal(RoundVerdict.Late, training.Apply(new RoundEvent.CloseRequested(1)));
    }

    [Theory]
    [InlineData(RoundPhase.Selecting)]
    [InlineData(RoundPhase.Training)]
    [InlineData(RoundPhase.Closing)]
    [InlineData(RoundPhase.Committing)]
    public void Cancel_asks_the_run_to_abandon(RoundPhase phase)
    {
        var script = RoundScript.In(phase);
        Assert.Equal(RoundVerdict.WrongAttempt, script.Apply(new RoundEvent.CancelRequested(2, "why")));
        Assert.Equal(RoundVerdict.Applied, script.Apply(new RoundEvent.CancelRequested(1, "why")));

        Assert.Equal((RoundPhase.Abandoning, "why"), (script.State.Phase, script.State.Reason));
        Assert.Equal(RoundVerdict.Late, script.Apply(new RoundEvent.CancelRequested(1, "why")));
    }

    [Fact]
    public void An_outage_does_not_count_against_the_hospitals()
    {
        var script = RoundScript.InTraining();
        script.Report("a");
        script.Lose("b");
        script.Wait(Minute).Apply(new RoundEvent.Alive());
        var before = script.State;

        script.Wait(60 * Minute);
        Assert.Equal(RoundVerdict.Applied, script.Apply(new RoundEvent.Woken()));

        Assert.Equal(before.PhaseDeadline + (60 * Minute), script.State.PhaseDeadline);
        Assert.Equal(before.TrainingStartedAt + (60 * Minute), script.State.TrainingStartedAt);
        Assert.All(script.State.Participants, participant => Assert.Equal(script.State.PhaseDeadline, participant.Deadline));
        Assert.False(script.State.Find("b")!.Lost);
        Assert.Equal(RoundVerdict.NothingDue, script.Due());
        Assert.Equal(before.Counted, script.State.Counted);
    }

    [Theory]
    [InlineData(RoundPhase.Selecting, 2)]
    [InlineData(RoundPhase.Training, 30)]
    [InlineData(RoundPhase.Closing, 3)]
    public void After_an_outage_a_phase_has_the_time_that_it_had_left(RoundPhase phase, int minutes)
    {
        var script = RoundScript.In(phase);
        script.Wait(Minute).Apply(new RoundEvent.Alive());
        script.Wait(1_000 * Minute).Apply(new RoundEvent.Woken());

        script.Wait(((minutes - 1) * Minute) - TimeSpan.FromTicks(1));
        Assert.Equal(phase, AfterDue(script));
        script.Wait(TimeSpan.FromTicks(1));
        Assert.Equal(RoundPhase.Abandoning, AfterDue(script));
    }

    [Fact]
    public void The_grace_time_is_given_back_too()
    {
        var script = RoundScript.InTraining(RoundScript.Options with { GoalCount = 2, Grace = Minute });
        script.Report("a");
        script.Report("b");
        script.Wait(10 * Minute).Apply(new RoundEvent.Woken());

        Assert.Equal(RoundPhase.Training, AfterDue(script));
        script.Wait(Minute);
        Assert.Equal(RoundPhase.Closing, AfterDue(script));
    }

    [Fact]
    public void Being_alive_is_stored_now_and_then_and_a_short_gap_is_no_outage()
    {
        var script = RoundScript.InTraining();
        var deadline = script.State.PhaseDeadline;
        script.Wait(RoundMachine.AliveInterval - TimeSpan.FromTicks(1));
        Assert.Equal(RoundVerdict.NothingDue, script.Apply(new RoundEvent.Alive()));
        script.Wait(TimeSpan.FromTicks(1));
        Assert.Equal(RoundVerdict.NothingDue, script.Apply(new RoundEvent.Woken()));
        Assert.Equal(RoundVerdict.Applied, script.Apply(new RoundEvent.Alive()));
        Assert.Equal(script.Now, script.State.AliveAt);

        Assert.Equal(RoundVerdict.NothingDue, script.Wait(RoundMachine.AliveInterval).Apply(new RoundEvent.Woken()));
        Assert.Equal(deadline, script.State.PhaseDeadline);
    }

    [Theory]
    [InlineData(RoundPhase.Selecting, 2)]
    [InlineData(RoundPhase.Training, 30)]
    [InlineData(RoundPhase.Closing, 3)]
    public void When_the_clock_is_set_a_phase_has_the_time_that_it_had_left(RoundPhase phase, int minutes)
    {
        foreach (var by in new[] { 1_000 * Minute, -1_000 * Minute })
        {
            var script = RoundScript.In(phase);
            var before = script.State;
            script.Wait(Minute + by);
            Assert.Equal(RoundVerdict.Applied, script.Apply(new RoundEvent.ClockSet(by)));
            Assert.Equal(before.BeganAt + by, script.State.BeganAt);
            Assert.Equal(before.PhaseStartedAt + by, script.State.PhaseStartedAt);
            Assert.Equal(script.Now, script.State.AliveAt);
            Assert.All(
                before.Participants.Zip(script.State.Participants),
                pair => Assert.Equal(pair.First.Deadline == default ? default : pair.First.Deadline + by, pair.Second.Deadline));

            script.Wait(((minutes - 1) * Minute) - TimeSpan.FromTicks(1));
            Assert.Equal(phase, AfterDue(script));
            script.Wait(TimeSpan.FromTicks(1));
            Assert.Equal(RoundPhase.Abandoning, AfterDue(script));
        }
    }

    [Fact]
    public void Who_is_lost_stays_lost_when_the_clock_is_set_and_what_is_over_stays_as_it_is()
    {
        var script = RoundScript.InTraining();
        script.Lose("b");
        script.Wait(-60 * Minute).Apply(new RoundEvent.ClockSet(-60 * Minute));
        Assert.True(script.State.Find("b")!.Lost);

        script = RoundScript.In(RoundPhase.Committed);
        Assert.Equal(RoundVerdict.NothingDue, script.Wait(60 * Minute).Apply(new RoundEvent.ClockSet(60 * Minute)));
    }

    [Fact]
    public void A_clock_that_was_set_back_during_an_outage_leaves_no_more_time_than_there_was()
    {
        var script = RoundScript.InTraining();
        script.Wait(-1_000 * Minute);
        Assert.Equal(RoundVerdict.Applied, script.Apply(new RoundEvent.Woken()));

        script.Wait((30 * Minute) - TimeSpan.FromTicks(1));
        Assert.Equal(RoundPhase.Training, AfterDue(script));
        script.Wait(TimeSpan.FromTicks(1));
        Assert.Equal(RoundPhase.Abandoning, AfterDue(script));
    }

    private static RoundPhase AfterDue(RoundScript script)
    {
        script.Due();
        return script.State.Phase;
    }

    [Fact]
    public void What_is_settled_ends_at_the_first_hospital_that_may_still_report()
    {
        var script = RoundScript.InTraining(RoundScript.Options with { GoalCount = 4, Invitations = 4 }, "a", "b", "c", "d");
        script.Report("b");
        Assert.Empty(script.State.Settled(0));
        script.Report("a");
        script.Report("d");
        Assert.Equal([RoundScript.Update("a"), RoundScript.Update("b")], script.State.Settled(0));

        // One that has failed is waited for no longer.
        script.Apply(new RoundEvent.UpdateRefused("c", script.State.Attempt, "not finite"));
        Assert.Equal(RoundPhase.Closing, script.State.Phase);
        Assert.Empty(script.State.Settled(0));
    }

    [Fact]
    public void Each_group_is_settled_by_itself()
    {
        var script = RoundScript.InTraining(RoundScript.Options with { GoalCount = 4, Invitations = 4, GroupSize = 2 }, "a", "b", "c", "d");
        script.Report("c");
        script.Report("b");
        Assert.Empty(script.State.Settled(0));
        Assert.Equal([RoundScript.Update("c")], script.State.Settled(1));
    }
}

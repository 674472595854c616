namespace FederatedOrleans.Diagnostics;

/// <summary>The steps that <see cref="Steps"/> announces: the boundaries of the protocol at which a crash leaves something different behind.</summary>
/// <remarks>A step <c>before-write</c> is reached when nothing of it is stored, <c>after-write</c> when it is stored and nobody has been told.</remarks>
public static class StepNames
{
    /// <summary>The coordinator is about to store that an attempt selects its hospitals.</summary>
    public const string SelectingBeforeWrite = "coordinator.selecting.before-write";

    /// <summary>The coordinator has stored it; no hospital has been offered anything.</summary>
    public const string SelectingAfterWrite = "coordinator.selecting.after-write";

    /// <summary>The coordinator is about to store that hospitals train: the attempt's first epoch, or a later one.</summary>
    public const string TrainingBeforeWrite = "coordinator.training.before-write";

    /// <summary>The coordinator has stored it; no aggregator has been opened for the epoch.</summary>
    public const string TrainingAfterWrite = "coordinator.training.after-write";

    /// <summary>The coordinator is about to store the first update that counts in an epoch.</summary>
    public const string FirstUpdateBeforeWrite = "coordinator.first-update.before-write";

    /// <summary>The coordinator has stored it; its hospital has no receipt.</summary>
    public const string FirstUpdateAfterWrite = "coordinator.first-update.after-write";

    /// <summary>The coordinator is about to store the frozen set.</summary>
    public const string ClosingBeforeWrite = "coordinator.closing.before-write";

    /// <summary>The coordinator has stored the frozen set; it has not been folded, unless it is short.</summary>
    public const string ClosingAfterWrite = "coordinator.closing.after-write";

    /// <summary>The coordinator is about to store that the aggregate is there.</summary>
    public const string CommittingBeforeWrite = "coordinator.committing.before-write";

    /// <summary>The coordinator has stored it; the run has not been asked to commit.</summary>
    public const string CommittingAfterWrite = "coordinator.committing.after-write";

    /// <summary>The coordinator is about to store that the attempt is to be given up.</summary>
    public const string AbandoningBeforeWrite = "coordinator.abandoning.before-write";

    /// <summary>The coordinator has stored it; the run has not been asked.</summary>
    public const string AbandoningAfterWrite = "coordinator.abandoning.after-write";

    /// <summary>The coordinator is about to store what the run has decided.</summary>
    public const string DecidedBeforeWrite = "coordinator.decided.before-write";

    /// <summary>The coordinator has stored it; no hospital has been told.</summary>
    public const string DecidedAfterWrite = "coordinator.decided.after-write";

    /// <summary>An aggregator has been opened for its epoch; the coordinator does not know.</summary>
    public const string AggregatorOpened = "aggregator.opened";

    /// <summary>An aggregator holds a whole update that has passed its checks; the coordinator does not know.</summary>
    public const string UpdateStaged = "aggregator.update.staged";

    /// <summary>An aggregator is about to fold the frozen set.</summary>
    public const string FoldBegins = "aggregator.fold.begins";

    /// <summary>The new model is on the disk; nothing names it.</summary>
    public const string ModelWritten = "aggregator.model.written";

    /// <summary>The run is about to store a commit; the manifest is on the disk.</summary>
    public const string CommitBeforeWrite = "run.commit.before-write";

    /// <summary>The run has stored a commit; nobody has been told.</summary>
    public const string CommitAfterWrite = "run.commit.after-write";

    /// <summary>The run is about to store that an attempt is over without a model.</summary>
    public const string AbandonBeforeWrite = "run.abandon.before-write";

    /// <summary>The run has stored it; nobody has been told.</summary>
    public const string AbandonAfterWrite = "run.abandon.after-write";

    /// <summary>A hospital has stored that it accepts; the centre does not know.</summary>
    public const string Accepted = "hospital.accepted";

    /// <summary>A hospital holds the model that it is to train.</summary>
    public const string Downloaded = "hospital.downloaded";

    /// <summary>A hospital has made steps of its training; announced up to a hundred times an attempt.</summary>
    public const string Training = "hospital.training";

    /// <summary>The update is in the outbox, flushed; no record names it.</summary>
    public const string OutboxWritten = "hospital.outbox.written";

    /// <summary>The participant has stored the record of the update: from here on this attempt is never trained again.</summary>
    public const string OutboxRecorded = "hospital.outbox.recorded";

    /// <summary>A piece of the update, at most 64 KiB, has been given to the connection.</summary>
    public const string Uploading = "hospital.uploading";

    /// <summary>The hospital has the receipt for its update.</summary>
    public const string Receipt = "hospital.receipt";

    /// <summary>The participant is about to store what became of its update.</summary>
    public const string SettleBeforeWrite = "hospital.settle.before-write";

    /// <summary>The participant has stored it; the update's file is still there.</summary>
    public const string SettleAfterWrite = "hospital.settle.after-write";
}

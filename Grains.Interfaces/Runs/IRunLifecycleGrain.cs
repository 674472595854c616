using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using Orleans.Concurrency;

namespace FederatedOrleans.Runs;

/// <summary>The run as the grains of its own cluster see it. Same key and grain as <see cref="IRunGrain"/>.</summary>
[GrainInterfaceType("fo.run-lifecycle")]
public interface IRunLifecycleGrain : IGrainWithStringKey
{
    /// <summary>Starts the run; the second call changes nothing.</summary>
    [Alias("start")]
    Task StartAsync(StartRun start, CancellationToken cancellationToken = default);

    /// <summary>Wakes the run after a start of the centre, so that it goes on where it stood.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken = default);

    /// <summary>Does at once what the stored state asks for. A hint: without it that is done within a tick.</summary>
    [Alias("go-on"), OneWay]
    Task GoOnAsync();

    /// <summary>Stores what <see cref="CommitAsync"/> of the same will name. It decides nothing. A hint: without it that is stored then.</summary>
    [Alias("prepare-commit"), OneWay]
    Task PrepareCommitAsync(CommitRound commit);

    /// <summary>Commits an attempt if the run still stands there. The answer is the run's stored decision.</summary>
    [Alias("commit")]
    Task<RoundDecision> CommitAsync(CommitRound commit, CancellationToken cancellationToken = default);

    /// <summary>Abandons an attempt if it is not committed. The answer is the run's stored decision.</summary>
    [Alias("abandon")]
    Task<RoundDecision> AbandonAsync(int round, int attempt, string reason, CancellationToken cancellationToken = default);

    /// <summary>The stored decision about an attempt and one hospital's update in it.</summary>
    [Alias("outcome"), AlwaysInterleave]
    Task<UpdateOutcome> OutcomeAsync(int round, int attempt, string hospital, CancellationToken cancellationToken = default);

    /// <summary>Adds events for those who watch. A hint: they may be lost.</summary>
    [Alias("note-all"), AlwaysInterleave, OneWay]
    Task NoteAsync(ImmutableArray<RunEvent> occurred);

    /// <summary>A hospital has evaluated a committed version.</summary>
    [Alias("evaluated"), AlwaysInterleave]
    Task EvaluatedAsync(int version, string hospital, EvaluationMetrics metrics, CancellationToken cancellationToken = default);

    /// <summary>Nobody else will evaluate that version.</summary>
    [Alias("evaluation-ended")]
    Task EvaluationEndedAsync(int version, CancellationToken cancellationToken = default);
}

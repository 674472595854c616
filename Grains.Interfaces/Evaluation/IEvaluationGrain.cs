using System.Collections.Immutable;
using FederatedOrleans.Runs;
using Orleans.Concurrency;

namespace FederatedOrleans.Evaluation;

/// <summary>The evaluation of one committed model. Key: <see cref="GrainKeys.Evaluation"/>.</summary>
[GrainInterfaceType("fo.evaluation")]
public interface IEvaluationGrain : IGrainWithStringKey
{
    /// <summary>Begins it; the second call changes nothing.</summary>
    [Alias("begin")]
    Task BeginAsync(BeginEvaluation begin, CancellationToken cancellationToken = default);

    /// <summary>A hospital's metrics. False where they are not wanted any more.</summary>
    [Alias("report")]
    Task<bool> ReportAsync(string hospital, EvaluationMetrics metrics, CancellationToken cancellationToken = default);

    /// <summary>A hospital can't evaluate. False where that is not wanted any more.</summary>
    [Alias("decline")]
    Task<bool> DeclineAsync(string hospital, string reason, CancellationToken cancellationToken = default);

    /// <summary>Begins it, or again where it has ended and somebody asked has not measured it. False where there is nothing to begin: it is under way, or everybody has.</summary>
    [Alias("reopen")]
    Task<bool> ReopenAsync(BeginEvaluation begin, CancellationToken cancellationToken = default);

    /// <summary>Whether it is under way.</summary>
    [Alias("is-open"), AlwaysInterleave]
    Task<bool> IsOpenAsync(CancellationToken cancellationToken = default);

    /// <summary>What was reported says of all test rows together; null where nothing was.</summary>
    [Alias("pooled"), AlwaysInterleave]
    Task<PooledMetrics?> PooledAsync(CancellationToken cancellationToken = default);

    /// <summary>What was reported, in ordinal order of hospitals, without histograms: what they say is pooled.</summary>
    [Alias("results"), AlwaysInterleave]
    Task<ImmutableArray<HospitalEvaluation>> ResultsAsync(CancellationToken cancellationToken = default);

    /// <summary>Who was asked and has not measured it, with the reason.</summary>
    [Alias("unmeasured"), AlwaysInterleave]
    Task<ImmutableArray<LeftOut>> UnmeasuredAsync(CancellationToken cancellationToken = default);
}

using System.Collections.Immutable;
using System.Text.Json;
using FederatedOrleans.Blobs;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace FederatedOrleans.Federation;

/// <summary>The index of hospitals and runs, and the border that clients call.</summary>
[GrainType("fo.federation")]
internal sealed partial class FederationGrain(
    [PersistentState("fo.federation", StorageNames.Grains)] IPersistentState<FederationState> storage,
    IBlobStore blobs,
    IOptions<CentreOptions> options,
    TimeProvider time,
    ILogger<FederationGrain> logger) : Grain, IFederationGrain
{
    private const int MostRuns = 1000;
    private const int HeartbeatsInALease = 3;
    private const string Unanswered = "the run does not answer; the centre's log tells why";

    private StoredState<FederationState> State => field ??= new(storage, DeactivateOnIdle);

    public Task<FederationView> ViewAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new FederationView(options.Value.Federation, State.Current.Hospitals.Count, State.Current.Runs.Length));

    public async Task<SubmitResult> SubmitAsync(SubmitPlan submit, CancellationToken cancellationToken = default)
    {
        if (State.Current.Runs.FirstOrDefault(known => known.Submission == submit.Submission) is { } again)
        {
            // The first time may have failed between the list and the run.
            await Lifecycle(again.Run).StartAsync(again.Start, cancellationToken);
            return new SubmitResult(again.Run, []);
        }

        var (plan, faults) = TrainingPlanReader.Read(submit.Plan);
        if (plan is null)
        {
            return new SubmitResult(null, faults);
        }

        var (initial, startFault) = await FindAsync(plan, plan.Model.From, "$.model.from", cancellationToken);
        var (incumbent, incumbentFault) = await FindAsync(plan, plan.Evaluation.NoHarm?.Incumbent, "$.evaluation.noHarm.incumbent", cancellationToken);
        faults = [.. CheckAgainstFederation(plan), .. new[] { startFault, incumbentFault }.OfType<PlanFault>()];
        if (!faults.IsEmpty)
        {
            return new SubmitResult(null, faults);
        }

        var run = new FederationRun
        {
            Run = NewRunId(plan.Name, submit.Submission),
            Submission = submit.Submission,
            Start = new StartRun
            {
                PlanDigest = await blobs.PutAsync(submit.Plan, cancellationToken),
                SubmittedBy = RequestContext.Get(RequestContextKeys.Subject) as string ?? "operator",
                InitialModel = initial,
                Incumbent = incumbent,
            },
        };

        // On the list first: a run that is listed is started again when the centre starts, one that is not would be lost.
        await State.WriteAsync(State.Current with { Runs = State.Current.Runs.Add(run) }, cancellationToken);
        await Lifecycle(run.Run).StartAsync(run.Start, cancellationToken);
        return new SubmitResult(run.Run, []);
    }

    public async Task<ImmutableArray<RunSummary>> RunsAsync(int count, CancellationToken cancellationToken = default)
    {
        var newest = State.Current.Runs.Reverse().Take(Math.Clamp(count, 0, MostRuns));
        var rows = await Task.WhenAll(newest.Select(run => SummaryAsync(run, cancellationToken)));
        return [.. rows.OfType<RunSummary>()];
    }

    public async Task<ImmutableArray<HospitalView>> HospitalsAsync(CancellationToken cancellationToken = default) =>
        [.. await Task.WhenAll(State.Current.Hospitals.Keys.Select(hospital => Hospital(hospital).ViewAsync(cancellationToken)))];

    public async Task<CommandResult> InviteHospitalAsync(string hospital, CancellationToken cancellationToken = default)
    {
        if (!Identifier.IsValid(hospital))
        {
            return CommandResult.Refused($"'{hospital}' is not an id: {Identifier.Rule}.");
        }

        var result = await Hospital(hospital).InviteAsync(cancellationToken);
        return result.Done && !State.Current.Hospitals.ContainsKey(hospital)
            ? await IndexAsync(hospital, HospitalStanding.Invited, cancellationToken)
            : result;
    }

    public async Task<CommandResult> AdmitHospitalAsync(string hospital, HospitalKey key, CancellationToken cancellationToken = default)
    {
        var result = await Hospital(hospital).AdmitAsync(key, cancellationToken);
        return result.Done ? await IndexAsync(hospital, HospitalStanding.Enrolled, cancellationToken) : result;
    }

    public async Task<CommandResult> RevokeHospitalAsync(string hospital, CancellationToken cancellationToken = default)
    {
        var result = await Hospital(hospital).RevokeAsync(cancellationToken);
        return result.Done ? await IndexAsync(hospital, HospitalStanding.Revoked, cancellationToken) : result;
    }

    public Task<ImmutableArray<string>> EnrolledAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<string>>(
            [.. State.Current.Hospitals.Where(entry => entry.Value == HospitalStanding.Enrolled).Select(entry => entry.Key)]);

    public async Task<CommandResult> RevokeTokenAsync(RevokedToken token, CancellationToken cancellationToken = default)
    {
        await UseLoginLinkAsync(token, cancellationToken);
        return CommandResult.Ok;
    }

    public Task<ImmutableArray<RevokedToken>> RevokedTokensAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(State.Current.RevokedTokens);

    public async Task<bool> UseLoginLinkAsync(RevokedToken link, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.RevokedTokens.Any(known => known.TokenId == link.TokenId))
        {
            return false;
        }

        var now = time.GetUtcNow();
        await State.WriteAsync(
            state with { RevokedTokens = [.. state.RevokedTokens.Where(known => known.ExpiresAt > now), link] }, cancellationToken);
        return true;
    }

    public async Task WakeRunsAsync(CancellationToken cancellationToken = default)
    {
        List<string> failed = [];
        Exception? first = null;
        foreach (var run in State.Current.Runs)
        {
            try
            {
                // Starting a run that has been started changes nothing, but activates it: it then goes on where it stood.
                await Lifecycle(run.Run).StartAsync(run.Start, cancellationToken);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                // A run that can't be woken must not keep the others asleep.
                if (await DamageAsync(run, cancellationToken) is { } damage)
                {
                    // Trying again would change nothing. Once the content is there again, whoever looks at the run wakes it.
                    LogDamaged(logger, run.Run, damage);
                    continue;
                }

                failed.Add(run.Run);
                first ??= exception;
            }
        }

        if (first is not null)
        {
            throw new FederationException($"These runs could not be woken: {string.Join(", ", failed)}. {first.Message}");
        }
    }

    /// <summary>The run's own row, or one that says that it can't be read: one bad run never hides the others.</summary>
    private async Task<RunSummary?> SummaryAsync(FederationRun run, CancellationToken cancellationToken)
    {
        try
        {
            return (await GrainFactory.Grain<IRunGrain>(GrainKeys.Run(run.Run)).ViewAsync(cancellationToken))?.Summary;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            var damage = await DamageAsync(run, cancellationToken);
            LogUnanswered(logger, run.Run, damage ?? exception.Message);
            return new RunSummary
            {
                Run = run.Run,
                PlanName = run.Run[..Math.Max(0, run.Run.LastIndexOf('-'))],
                PlanDigest = run.Start.PlanDigest,
                Status = RunStatus.Damaged,
                Reason = damage ?? Unanswered,
                CommittedRounds = 0,
                Rounds = 0,
                SubmittedBy = run.Start.SubmittedBy,
                SubmittedAt = default,
            };
        }
    }

    /// <summary>Why a run's plan can't be read, which no repetition mends; nothing where it can.</summary>
    private async Task<string?> DamageAsync(FederationRun run, CancellationToken cancellationToken)
    {
        try
        {
            var (_, faults) = TrainingPlanReader.Read(await blobs.ReadAllAsync(run.Start.PlanDigest, cancellationToken));
            return faults.IsEmpty ? null : $"its plan can't be read: {faults[0]}";
        }
        catch (FederationException exception)
        {
            return $"its plan can't be read: {exception.Message}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk may answer again.
            return null;
        }
    }

    /// <summary>The plan's name and as much of the submission's id as tells the run from all others.</summary>
    private string NewRunId(string planName, Guid submission)
    {
        var digits = submission.ToString("N");
        var id = "";
        for (var length = 8; length <= digits.Length; length += 8)
        {
            var longest = 62 - length;
            id = $"{(planName.Length > longest ? planName[..longest] : planName)}-{digits[..length]}";
            if (State.Current.Runs.All(known => known.Run != id))
            {
                break;
            }
        }

        return id;
    }

    /// <summary>The committed model of another run that a plan names, if it does; or why it can't be taken.</summary>
    private async Task<(ContentDigest Model, PlanFault? Fault)> FindAsync(
        TrainingPlan plan, ModelSource? source, string path, CancellationToken cancellationToken)
    {
        if (source is null)
        {
            return default;
        }

        ModelDescription? model;
        try
        {
            model = State.Current.Runs.Any(known => known.Run == source.Run)
                ? await GrainFactory.Grain<IRunGrain>(GrainKeys.Run(source.Run)).DescribeModelAsync(source.Version, cancellationToken)
                : null;
        }
        catch (FederationException held)
        {
            return (default, new PlanFault(path, $"can't be taken: {held.Message}"));
        }

        if (model is null)
        {
            return (default, new PlanFault(path, source.Version is { } version
                ? $"there is no version {version} of a run {source.Run} here"
                : $"there is no run {source.Run} here"));
        }

        var (other, _) = TrainingPlanReader.Read(model.Plan);
        return other is not null && ModelSchema.For(other).HasTensorsOf(ModelSchema.For(plan))
            && other.Dataset.Schema.Digest == plan.Dataset.Schema.Digest && other.Model.Kind == plan.Model.Kind
            && other.Model.Activation == plan.Model.Activation && other.Training.Standardization == plan.Training.Standardization
            && PreprocessingOf(other) == PreprocessingOf(plan)
            ? (model.Digest, null)
            : (default, new PlanFault(path, $"the model of {source.Run} is of another kind, shape, activation, standardization, preprocessing or dataset schema than this plan's"));
    }

    /// <summary>The preprocessing as a text: equal where it is.</summary>
    private static string PreprocessingOf(TrainingPlan plan) => JsonSerializer.Serialize(plan.Preprocessing);

    private ImmutableArray<PlanFault> CheckAgainstFederation(TrainingPlan plan)
    {
        var faults = ImmutableArray.CreateBuilder<PlanFault>();
        var enrolled = State.Current.Hospitals.Where(entry => entry.Value == HospitalStanding.Enrolled).Select(entry => entry.Key).ToArray();
        foreach (var hospital in plan.Hospitals.Except(enrolled, StringComparer.Ordinal))
        {
            faults.Add(new PlanFault("$.hospitals", $"{hospital} is not enrolled in this federation"));
        }

        var eligible = plan.Hospitals.IsEmpty ? enrolled.Length : plan.Hospitals.Length;
        if (plan.Preprocessing is not null && eligible is < RoundOptionsResolution.LeastStatistics or > FixedPoint.MostSummands)
        {
            faults.Add(new PlanFault(
                "$.preprocessing",
                $"takes statistics of {RoundOptionsResolution.LeastStatistics:N0} to {FixedPoint.MostSummands:N0} hospitals together, and {eligible:N0} may take part"));
        }

        var (rounds, conflicts) = plan.Round.Resolve(eligible);
        faults.AddRange(conflicts);
        if (rounds is not null)
        {
            CheckRoom(plan, rounds.MinimumReports, faults);
        }

        var shortest = HeartbeatsInALease * options.Value.HeartbeatInterval;
        if (plan.Round.LeaseTime < shortest)
        {
            faults.Add(new PlanFault(
                "$.round.leaseTime",
                $"hospitals of this federation send a heartbeat every {options.Value.HeartbeatInterval:c}; the lease must be at least {shortest:c}"));
        }

        return faults.ToImmutable();
    }

    /// <summary>Room is given back at the end of an epoch only: where the minimum never fits, no round can ever end with a model.</summary>
    private void CheckRoom(TrainingPlan plan, int minimum, ImmutableArray<PlanFault>.Builder faults)
    {
        var bytes = Math.Max(
            ModelSchema.OfUpdate(plan).ByteLength,
            plan.Preprocessing is null ? 0 : ModelSchema.OfUpdate(plan.InRound(TrainingPlan.StatisticsRound)).ByteLength);
        var budget = options.Value.StagingBudget + options.Value.ScratchBudget;
        if (minimum * bytes > budget)
        {
            faults.Add(new PlanFault(
                "$.round.minimumReports",
                $"{minimum:N0} updates of {bytes:N0} bytes are {minimum * bytes:N0} bytes, but this centre stages at most {budget:N0} bytes at once"
                + $" (stagingBudget and scratchBudget); ask for at most {budget / bytes:N0} reports, or for larger budgets"));
        }
    }

    private async Task<CommandResult> IndexAsync(string hospital, HospitalStanding standing, CancellationToken cancellationToken)
    {
        if (State.Current.Hospitals.GetValueOrDefault(hospital) != standing)
        {
            await State.WriteAsync(
                State.Current with { Hospitals = State.Current.Hospitals.SetItem(hospital, standing) }, cancellationToken);
        }

        return CommandResult.Ok;
    }

    private IHospitalGrain Hospital(string hospital) => GrainFactory.Grain<IHospitalGrain>(GrainKeys.Hospital(hospital));

    private IRunLifecycleGrain Lifecycle(string run) => GrainFactory.Grain<IRunLifecycleGrain>(GrainKeys.Run(run));
}

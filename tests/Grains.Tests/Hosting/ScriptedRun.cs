using System.Text.Json.Nodes;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Hosting;

/// <summary>A run whose hospitals do what the test says, one call after the other. Its model has three parameters, zero at first.</summary>
internal sealed class ScriptedRun
{
    private static int _number;

    private ScriptedRun(Centre centre, string id, string[] hospitals) => (Centre, Id, Hospitals) = (centre, id, hospitals);

    public Centre Centre { get; }

    public string Id { get; }

    public string[] Hospitals { get; }

    public IRunGrain Run => Centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run(Id));

    public IRunLifecycleGrain Lifecycle => Centre.Grains.GetGrain<IRunLifecycleGrain>(GrainKeys.Run(Id));

    public static JsonObject Plan(string[] hospitals) => new()
    {
        ["version"] = 1,
        ["name"] = "scripted",
        ["dataset"] = new JsonObject
        {
            ["name"] = "toy",
            ["schema"] = new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "x" }, new JsonObject { ["name"] = "y" }), ["label"] = "z" },
        },
        ["model"] = new JsonObject { ["kind"] = "logistic-regression", ["initial"] = "zeros" },
        ["training"] = new JsonObject { ["learningRate"] = 0.1, ["batchSize"] = 4, ["steps"] = 10, ["shuffle"] = true, ["standardization"] = "local" },
        ["rounds"] = 1,
        ["seed"] = 42,
        ["aggregator"] = new JsonObject { ["name"] = "weighted-mean" },
        ["serverOptimizer"] = new JsonObject { ["name"] = "fedavg", ["learningRate"] = 1.0 },
        ["evaluation"] = new JsonObject { ["everyRounds"] = 1000, ["deadline"] = "02:00:00" },
        ["hospitals"] = new JsonArray([.. hospitals.Select(hospital => JsonValue.Create(hospital))]),
        ["round"] = new JsonObject
        {
            ["minimumReports"] = 2,
            ["selectionWindow"] = "03:00:00",
            ["reportingDeadline"] = "10:00:00",
            ["progressExtension"] = "20:00:00",
            ["attempts"] = 3,
            ["leaseTime"] = "01:00:00",
            ["closingDeadline"] = "03:00:00",
        },
    };

    /// <summary>Enrols as many new hospitals as asked for and submits a run for them.</summary>
    public static async Task<ScriptedRun> BeginAsync(Centre centre, int hospitals = 3, Action<JsonObject>? change = null)
    {
        var number = Interlocked.Increment(ref _number);
        string[] ids = [.. Enumerable.Range(0, hospitals).Select(index => $"h{number}-{(char)('a' + index)}")];
        await centre.EnrolAsync(ids);
        var plan = Plan(ids);
        change?.Invoke(plan);
        var result = await centre.Federation.SubmitAsync(
            new SubmitPlan { Submission = Guid.NewGuid(), Plan = System.Text.Encoding.UTF8.GetBytes(plan.ToJsonString()) });
        Assert.Empty(result.Faults);
        return new ScriptedRun(centre, result.Run!, ids);
    }

    public IRoundCoordinatorGrain Coordinator(int round = 1) => Centre.Grains.GetGrain<IRoundCoordinatorGrain>(GrainKeys.Round(Id, round));

    public IHospitalGrain Hospital(string hospital) => Centre.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital(hospital));

    public Task<HospitalAssignment> AssignmentAsync(string hospital, AssignmentStage stage, int attempt = 1, long epoch = 0, int round = 1) =>
        Centre.UntilAsync(
            async () => (await Hospital(hospital).InboxAsync()).Assignments
                .FirstOrDefault(item => item.Run == Id && item.Stage == stage && item.Round == round && item.Attempt == attempt && item.Epoch >= epoch)!,
            item => item is not null,
            $"{hospital} gets {stage} of attempt {attempt}");

    public async Task AcceptAsync(int attempt, int round = 1, params string[] hospitals)
    {
        foreach (var hospital in hospitals)
        {
            await AssignmentAsync(hospital, AssignmentStage.Invited, attempt, round: round);
            Assert.Equal(RoundVerdict.Applied, await Coordinator(round).AnswerAsync(hospital, attempt, null));
        }
    }

    /// <summary>All hospitals accept; the answer is the training assignment's epoch.</summary>
    public async Task<long> TrainAsync(int attempt = 1, int round = 1)
    {
        await AcceptAsync(attempt, round, Hospitals);
        var epoch = (await AssignmentAsync(Hospitals[0], AssignmentStage.Train, attempt, round: round)).Epoch;
        await Centre.UntilAsync(
            () => Coordinator(round).UploadTargetAsync(Hospitals[0], attempt, epoch),
            target => target.Verdict != RoundVerdict.Early,
            $"the aggregator of epoch {epoch} is open");
        return epoch;
    }

    public UpdateAddress Address(string hospital, ContentDigest digest, int attempt = 1, long epoch = 1, int round = 1) => new()
    {
        Hospital = hospital, Run = Id, Round = round, Attempt = attempt, Epoch = epoch, Digest = digest,
    };

    public Task<IntakeResult> UploadAsync(string hospital, float[] values, long examples = 10, int attempt = 1, long epoch = 1, int round = 1) =>
        UploadAsync(hospital, new ParameterVector(values).ToBytes(), null, examples, attempt, epoch, round);

    /// <summary>Uploads, and asks again while the epoch's aggregator is not open yet.</summary>
    public Task<IntakeResult> UploadAsync(
        string hospital, byte[] payload, ContentDigest? digest, long examples, int attempt = 1, long epoch = 1, int round = 1) =>
        Centre.UntilAsync(
            () => AppendAsync(Address(hospital, digest ?? ContentDigest.Of(payload), attempt, epoch, round), examples, 0, payload),
            result => result.Verdict != IntakeVerdict.Busy,
            $"{hospital} uploads");

    public Task<IntakeResult> AppendAsync(UpdateAddress address, long examples, long offset, byte[] bytes) =>
        Centre.Intake.AppendAsync(address, examples, offset, new MemoryStream(bytes), TestContext.Current.CancellationToken);

    public Task<RoundView> PhaseAsync(RoundPhase phase, int attempt = 1, int round = 1) => Centre.UntilAsync(
        async () => (await Coordinator(round).ViewAsync())!,
        view => view is not null && view.Attempt == attempt && view.Phase == phase,
        $"round {round} attempt {attempt} in {phase}");

    public Task<RunView> StatusAsync(RunStatus status) =>
        Centre.UntilAsync(async () => (await Run.ViewAsync())!, view => view.Summary.Status == status, $"run {status}");

    public Task<RunView> CommittedAsync(int rounds) =>
        Centre.UntilAsync(async () => (await Run.ViewAsync())!, view => view.Summary.CommittedRounds == rounds, $"{rounds} rounds committed");

    public async Task<float[]> ModelAsync(int version) =>
        ParameterVector.FromBytes(await Run.ReadModelAsync(version, 0, 12)).Span.ToArray();

    /// <summary>The bytes of a model that is longer than a message.</summary>
    public async Task<byte[]> LongModelAsync(int version, int parameters)
    {
        var bytes = new byte[parameters * sizeof(float)];
        for (var offset = 0; offset < bytes.Length;)
        {
            var part = await Run.ReadModelAsync(version, offset, Math.Min(1 << 20, bytes.Length - offset));
            part.CopyTo(bytes, offset);
            offset += part.Length;
        }

        return bytes;
    }

    public async Task AssertModelAsync(int version, params float[] expected) => Assert.Equal(expected, await ModelAsync(version));

    public Task<UpdateOutcome> OutcomeAsync(string hospital, int attempt = 1, int round = 1) => Centre.UntilAsync(
        () => Lifecycle.OutcomeAsync(round, attempt, hospital), outcome => outcome.Decision != RoundDecision.Pending, $"outcome of attempt {attempt}");
}

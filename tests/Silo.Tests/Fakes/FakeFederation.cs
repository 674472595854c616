using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Operators.Fakes;

/// <summary>The state behind the fake grains; a test changes it as a federation would.</summary>
public sealed class FakeFederation(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunView> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ModelVersionView>> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RunEvent>> _events = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedLinks = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static ImmutableArray<string> Names { get; } = ["charite", "karolinska", "mayo", "st-olavs"];

    public bool Unavailable { get; set; }

    public ImmutableArray<RevokedToken> Revoked { get; set; } = [];

    public ImmutableArray<HospitalView> Hospitals { get; set; } = [];

    public ImmutableArray<RunSummary> Runs
    {
        get
        {
            lock (_lock)
            {
                return [.. _runs.Values.Select(run => run.Summary).OrderByDescending(run => run.SubmittedAt)];
            }
        }
    }

    public static EvaluationMetrics MetricsOf(int hospital, int round)
    {
        var progress = 1 - Math.Exp(-round / 4.0);
        var wobble = 0.012 * Math.Sin((round * 1.7) + hospital);
        return new()
        {
            NumExamples = 180 + (hospital * 57),
            Accuracy = 0.64 + (0.03 * hospital) + (0.16 * progress) + wobble,
            Auc = hospital == 2 && round == 1 ? null : 0.66 + (0.02 * hospital) + (0.19 * progress) + wobble,
            LogLoss = 0.69 - (0.28 * progress) - (0.01 * hospital),
            MajorityRate = 0.58 + (0.03 * hospital),
        };
    }

    public static ContentDigest DigestOf(string text) => ContentDigest.Of(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Four hospitals and runs of each kind; <c>heart-7f3a</c> is in training in round <paramref name="committed"/> + 1.</summary>
    public FakeFederation Populate(int committed = 7)
    {
        var now = time.GetUtcNow();
        Hospitals =
        [
            .. Names.Select((name, index) => new HospitalView
            {
                Hospital = name,
                Standing = HospitalStanding.Enrolled,
                Attending = index != 2,
                LastSeen = now - TimeSpan.FromSeconds(index == 2 ? 400 : 3),
                NodeVersion = "0.1.0",
                Datasets = [new("heart-disease", DigestOf("schema"), 1000)],
                KeyFingerprints = [DigestOf(name).Hex],
            }),
            new HospitalView { Hospital = "utrecht", Standing = HospitalStanding.Invited },
        ];
        Add("heart-7f3a", "heart-disease", RunStatus.Running, 20, now - TimeSpan.FromHours(1), null);
        for (var round = 1; round <= committed; round++)
        {
            Commit("heart-7f3a", round);
        }

        BeginTraining("heart-7f3a", committed + 1);
        Add("sepsis-91bc", "sepsis-onset", RunStatus.Paused, 12, now - TimeSpan.FromHours(5), "Round 3 was abandoned 3 times: too few reports.");
        Add("stroke-20de", "<script>alert(1)</script>", RunStatus.Completed, 3, now - TimeSpan.FromDays(2), null);
        for (var round = 1; round <= 3; round++)
        {
            Commit("stroke-20de", round);
        }

        return this;
    }

    public void Add(string run, string plan, RunStatus status, int rounds, DateTimeOffset at, string? reason)
    {
        lock (_lock)
        {
            _versions[run] = [];
            _events[run] = [];
            _runs[run] = new()
            {
                Summary = new()
                {
                    Run = run, PlanName = plan, PlanDigest = DigestOf(plan), Status = status, Reason = reason,
                    CommittedRounds = 0, Rounds = rounds, SubmittedBy = "ada@university.example", SubmittedAt = at,
                },
            };
        }

        Note(run, RunEventKind.StatusChanged, 0, null, $"The run is {status}.");
    }

    public void BeginTraining(string run, int round)
    {
        var now = time.GetUtcNow();
        Change(run, view => view with
        {
            CurrentRound = new()
            {
                Round = round, Attempt = 1, Phase = RoundPhase.Training, PhaseStartedAt = now, PhaseDeadline = now + TimeSpan.FromMinutes(12),
                GoalCount = 4, MinimumReports = 3,
                Hospitals =
                [
                    new() { Hospital = Names[0], Status = ParticipantStatus.Reported, StepsDone = 400, StepsTotal = 400 },
                    new() { Hospital = Names[1], Status = ParticipantStatus.Accepted, StepsDone = 260, StepsTotal = 620 },
                    new() { Hospital = Names[2], Status = ParticipantStatus.Declined, Lost = true, Reason = "Schema digest differs: <b>other</b> columns." },
                    new() { Hospital = Names[3], Status = ParticipantStatus.Accepted, StepsDone = 12_500, StepsTotal = 50_000 },
                ],
            },
        });
        Note(run, RunEventKind.RoundBegan, round, null, $"Round {round} began with 4 hospitals.");
        Note(run, RunEventKind.HospitalDeclined, round, Names[2], $"{Names[2]} declined: Schema digest differs.");
        Note(run, RunEventKind.HospitalReported, round, Names[0], $"The update of {Names[0]} counts.");
    }

    public void Commit(string run, int round)
    {
        var version = new ModelVersionView
        {
            Manifest = new()
            {
                Run = run, Round = round, Attempt = 1, Epoch = 1, PlanDigest = DigestOf(run),
                ModelBefore = DigestOf($"{run}/{round - 1}"), ModelAfter = DigestOf($"{run}/{round}"),
                Participants = [.. Names.Select(name => new Updates.ParticipantUpdate(name, DigestOf(name + round), 600))],
                LeftOut = round == 7 ? [new("utrecht", "no report before the deadline")] : [],
                BeganAt = time.GetUtcNow(), CommittedAt = time.GetUtcNow(),
            },
            Evaluations = [.. Names.Select((name, index) => new HospitalEvaluation(name, MetricsOf(index, round)))],
        };
        Change(run, view =>
        {
            _versions[run].Add(version);
            return view with { Latest = version, CurrentRound = null, Summary = view.Summary with { CommittedRounds = round } };
        });
        Note(run, RunEventKind.RoundCommitted, round, null, $"Round {round} was committed.");
    }

    public void Note(string run, RunEventKind kind, int round, string? hospital, string text)
    {
        TaskCompletionSource wake;
        lock (_lock)
        {
            var number = _events[run].Count + 1;
            _events[run].Add(new() { Sequence = number, At = time.GetUtcNow(), Kind = kind, Round = round, Hospital = hospital, Text = text });
            _runs[run] = _runs[run] with { LastEvent = number };
            wake = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        wake.TrySetResult();
    }

    internal bool UseLink(string id)
    {
        lock (_lock)
        {
            return _usedLinks.Add(id);
        }
    }

    internal RunView? View(string run)
    {
        lock (_lock)
        {
            return _runs.GetValueOrDefault(run);
        }
    }

    internal ImmutableArray<ModelVersionView> Versions(string run, int from, int count)
    {
        lock (_lock)
        {
            return [.. _versions[run].Skip(from - 1).Take(count)];
        }
    }

    internal async Task<ImmutableArray<RunEvent>> EventsAsync(string run, long after, TimeSpan wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ImmutableArray<RunEvent> found = [.. _events[run].Where(item => item.Sequence > after).Take(200)];
                if (found.Length > 0 || wait <= TimeSpan.Zero)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            await Task.WhenAny(changed, Task.Delay(wait, time, cancellationToken));
            wait = TimeSpan.Zero;
        }
    }

    private void Change(string run, Func<RunView, RunView> change)
    {
        lock (_lock)
        {
            _runs[run] = change(_runs[run]);
        }
    }
}

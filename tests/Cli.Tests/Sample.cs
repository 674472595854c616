using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using FederatedOrleans.Client;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Cli.Tests;

/// <summary>A plan, a model and a lineage that belong together.</summary>
internal static class Sample
{
    public static readonly float[] Parameters = [0.1f, -1.5e-7f, 3f];

    public static byte[] PlanBytes { get; } = Encoding.UTF8.GetBytes("""{"version":1,"name":"heart"}""");

    public static TrainingPlan Plan { get; } = new()
    {
        Version = 1,
        Name = "heart",
        Dataset = new()
        {
            Name = "heart",
            Schema = new()
            {
                Features = [new() { Name = "age" }, new() { Name = "sex", Kind = FeatureKind.Categorical, Levels = ["f", "m"] }],
                Label = "disease",
            },
        },
        Model = new() { Kind = "logistic-regression" },
        Training = new() { LearningRate = 0.1, BatchSize = 8, Steps = 10 },
        Rounds = 3,
        Seed = 42,
    };

    public static byte[] Payload => MemoryMarshal.AsBytes(Parameters.AsSpan()).ToArray();

    public static DownloadedModel Model(string run = "run-one", int attempt = 1, DateTimeOffset at = default) =>
        new(Description(run, attempt, at), Payload);

    public static ModelDescription Description(string run = "run-one", int attempt = 1, DateTimeOffset at = default)
    {
        var (first, last) = (ContentDigest.Of("first"u8), ContentDigest.Of(Payload));
        return new()
        {
            Version = 2,
            Digest = last,
            ByteLength = Payload.Length,
            Plan = PlanBytes,
            Lineage = [Manifest(run, 1, attempt, at, ContentDigest.Of("zero"u8), first), Manifest(run, 2, attempt, at, first, last)],
        };
    }

    public static RoundManifest Manifest(
        string run, int round, int attempt, DateTimeOffset at, ContentDigest before, ContentDigest after) => new()
        {
            Run = run,
            Round = round,
            Attempt = attempt,
            Epoch = attempt,
            PlanDigest = ContentDigest.Of(PlanBytes),
            ModelBefore = before,
            ModelAfter = after,
            Participants =
            [
                new ParticipantUpdate("cleveland", ContentDigest.Of("c"u8), 200), new ParticipantUpdate("hungary", ContentDigest.Of("h"u8), 150),
            ],
            LeftOut = [new LeftOut("zurich", "declined: no data")],
            BeganAt = at,
            CommittedAt = at,
        };

    public static (TrainingPlan? Plan, ImmutableArray<PlanFault> Faults) Read(ReadOnlyMemory<byte> json) =>
        json.Span.SequenceEqual(PlanBytes)
            ? (Plan, [])
            : (null, [new("$.rounds", "must be 1 to 100,000."), new("$.model.kind", "is unknown.")]);
}

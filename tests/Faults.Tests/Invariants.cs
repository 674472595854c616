using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Faults;

/// <summary>What holds after every run, whatever died meanwhile. Judged from manifests, the models that are stored, copies of the updates, and the processes' journals.</summary>
internal static class Invariants
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Asserts them all of a run that is completed.</summary>
    /// <param name="federation">Where it ran.</param>
    /// <param name="run">The run.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="expected">The models of an undisturbed run, by round.</param>
    public static async Task AssertAsync(FaultFederation federation, string run, byte[] plan, ContentDigest[] expected)
    {
        RoundManifest[] manifests = [.. (await federation.VersionsAsync(run)).Select(version => version.Manifest)];
        var minimum = Plans.TrainingPlanReader.Read(plan).Plan!.Round.MinimumReports!.Value;

        // The rounds in their order, each once, each from the model of the one before.
        Assert.Equal(Enumerable.Range(1, expected.Length), manifests.Select(manifest => manifest.Round));
        Assert.All(manifests.Skip(1), manifest => Assert.Equal(manifests[manifest.Round - 2].ModelAfter, manifest.ModelBefore));
        foreach (var manifest in manifests)
        {
            var counted = manifest.Participants.Select(update => update.Hospital).ToArray();
            Assert.True(counted.Length >= minimum, $"round {manifest.Round} has {counted.Length} reports");
            Assert.Equal(counted.Distinct().Order(StringComparer.Ordinal), counted);

            // Nothing that was committed is lost or has changed, in memory or on the disk, and it is the mean of what was counted.
            Assert.Equal(federation.SeenOf(run, manifest.Round), manifest.ModelAfter);
            var model = Read(await federation.BlobAsync(manifest.ModelAfter), manifest.ModelAfter);
            Assert.Equal(await MeanAsync(federation, manifest), model);
        }

        AssertJournal(federation, run, manifests);
        await federation.WaitAsync($"the outboxes of {run} to be empty", () => Task.FromResult(!federation.Outboxes(run).Any()), Settling);
        Assert.Empty(federation.Supervisor.TakeFaults());
        Assert.Equal(expected, manifests.Select(manifest => manifest.ModelAfter));
    }

    private static void AssertJournal(FaultFederation federation, string run, RoundManifest[] manifests)
    {
        var journal = federation.Journal(run).ToArray();

        // A round is committed at most once, by the attempt that its manifest names.
        Assert.All(
            journal.Where(reached => reached.Step == StepNames.CommitAfterWrite).GroupBy(reached => reached.Subject.Split('/')[1]),
            committed => Assert.Equal($"{run}/{committed.Key}/{manifests[int.Parse(committed.Key) - 1].Attempt}", Assert.Single(committed).Subject));

        // What is in an outbox is never trained again, and recorded once.
        foreach (var hospital in journal.GroupBy(reached => reached.Process))
        {
            var recorded = new HashSet<string>(StringComparer.Ordinal);
            foreach (var reached in hospital)
            {
                switch (reached.Step)
                {
                    case StepNames.OutboxRecorded:
                        Assert.True(recorded.Add(reached.Subject), $"{hospital.Key} recorded {reached.Subject} twice");
                        break;
                    case StepNames.Training or StepNames.OutboxWritten:
                        Assert.False(recorded.Contains(reached.Subject), $"{hospital.Key} trained {reached.Subject} again");
                        break;
                }
            }
        }
    }

    /// <summary>The model before, plus the mean of the counted updates by rows: from the hospitals' own copies, one value at a time.</summary>
    private static async Task<float[]> MeanAsync(FaultFederation federation, RoundManifest manifest)
    {
        var before = Read(await federation.BlobAsync(manifest.ModelBefore), manifest.ModelBefore);
        var sum = new float[before.Length];
        var rows = 0L;
        foreach (var update in manifest.Participants)
        {
            var values = Read(await File.ReadAllBytesAsync(federation.CopyOf(update.Hospital, update.Digest), Token), update.Digest);
            Assert.Equal(sum.Length, values.Length);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] = MathF.FusedMultiplyAdd(values[i], update.NumExamples, sum[i]);
            }

            rows += update.NumExamples;
        }

        return [.. sum.Select((value, i) => before[i] + (float)(value / (double)rows))];
    }

    private static float[] Read(byte[] bytes, ContentDigest digest)
    {
        Assert.Equal(digest.Hex, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}

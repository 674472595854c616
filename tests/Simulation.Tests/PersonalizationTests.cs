using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation;

/// <summary>Models of the hospitals' own, beside the global one.</summary>
public sealed class PersonalizationTests
{
    [Fact]
    public async Task The_global_model_does_not_depend_on_them_and_both_are_evaluated()
    {
        await using var federation = await TestFederation.StartAsync();
        var plain = await FinalAsync(federation, null);
        Assert.All(plain.Last.Evaluations, evaluation => Assert.Null(evaluation.Metrics.Personal));
        foreach (var personalization in new[] { """{"name": "ditto", "lambda": 0.1}""", """{"name": "fine-tune", "epochs": 3}""" })
        {
            var run = await FinalAsync(federation, personalization);
            Assert.Equal(plain.Model, run.Model);
            Assert.Equal(4, run.Last.Evaluations.Length);
            Assert.All(run.Last.Evaluations, evaluation =>
            {
                Assert.Equal(evaluation.Metrics.NumExamples, evaluation.Metrics.Personal!.NumExamples);
                Assert.NotEqual(evaluation.Metrics.LogLoss, evaluation.Metrics.Personal.LogLoss);
            });
        }
    }

    [Fact]
    public async Task Of_Ditto_a_restarted_site_goes_on_with_the_model_of_its_own_and_of_fine_tuning_nothing_is_left()
    {
        await using var undisturbed = await TestFederation.StartAsync();
        var expected = await FinalAsync(undisturbed, """{"name": "ditto", "lambda": 0.1}""");
        var kept = (await undisturbed.StateAsync(expected.Run)).Memory;
        Assert.Equal([$"{expected.Run}.3.1.personal"], undisturbed.PersonalFiles.Select(Path.GetFileName));
        await FinalAsync(undisturbed, """{"name": "fine-tune"}""");
        Assert.Single(undisturbed.PersonalFiles);

        var uploading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = true;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Uploading = async (upload, token) =>
            {
                if (upload.Id.Round == 2 && Volatile.Read(ref holding))
                {
                    uploading.TrySetResult();
                    await Task.Delay(Timeout.Infinite, token);
                }
            },
        });
        var run = await federation.Simulation.SubmitAsync(Plan("""{"name": "ditto", "lambda": 0.1}"""), federation.Token);
        await uploading.Task.WaitAsync(federation.Token);
        await federation.Simulation.StopHospitalAsync(TestFederation.Victim);
        Volatile.Write(ref holding, false);
        await federation.Simulation.StartHospitalAsync(TestFederation.Victim, federation.Token);
        await federation.VersionsAsync(run);
        await federation.UntilAsync(async () => (await federation.StateAsync(run)).SettledRound == 3);

        var memory = (await federation.StateAsync(run)).Memory;
        Assert.Equal((kept.Personal!.Digest, kept.PersonalIterator), (memory.Personal!.Digest, memory.PersonalIterator));
    }

    private static async Task<(string Run, ContentDigest Model, ModelVersionView Last)> FinalAsync(TestFederation federation, string? personalization)
    {
        var run = await federation.Simulation.SubmitAsync(Plan(personalization), federation.Token);
        var last = (await federation.VersionsAsync(run))[^1];
        await federation.UntilAsync(async () => (await federation.StateAsync(run)).SettledRound == 3);
        return (run, last.Manifest.ModelAfter, last);
    }

    private static byte[] Plan(string? personalization)
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds: 3, minimumReports: 4))!;
        plan["personalization"] = personalization is null ? null : JsonNode.Parse(personalization);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}

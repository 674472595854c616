using System.Diagnostics;
using FederatedOrleans.Connections;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>The sample as its readers run it.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class SampleTests(HospitalsFixture fixture)
{
    // It is compiled first.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_sample_trains_a_model_and_tells_how()
    {
        var federation = fixture.Federation;
        var plan = Path.Combine(federation.Folder, "sample-plan.json");
        await File.WriteAllBytesAsync(plan, TestPlan.Make(plan => plan["rounds"] = 2), TestContext.Current.CancellationToken);

        var result = await TestProgram.RunAsync(
            new ProcessStartInfo("dotnet", ["run", "--configuration", "Release", "samples/heart.cs", plan])
            {
                WorkingDirectory = TestFiles.Root,
                Environment = { [ConnectionFile.EnvironmentVariable] = federation.Local.Connection, ["MSBUILDDISABLENODEREUSE"] = "1" },
            },
            Patience);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Matches("^run system-test-[0-9a-f]+$", lines[0]);
        Assert.Equal(["round 1 committed", "round 2 committed"], lines.Where(line => line.EndsWith("committed", StringComparison.Ordinal)));
        Assert.All(TestPlan.Hospitals, hospital => Assert.Equal(
            2, lines.Count(line => line.StartsWith($"{hospital} ", StringComparison.Ordinal) && line.Contains("accuracy 0.", StringComparison.Ordinal))));
        var model = await federation.Client.DownloadModelAsync(lines[0]["run ".Length..], 2, TestContext.Current.CancellationToken);
        Assert.Equal($"version 2: model {model.Description.Digest.Short} of {model.Payload.Length / sizeof(float)} parameters", lines[^1]);
    }

    [Fact]
    public async Task The_sample_asks_for_its_connection()
    {
        var result = await TestProgram.RunAsync(
            new ProcessStartInfo("dotnet", ["run", "--configuration", "Release", "samples/heart.cs"])
            {
                WorkingDirectory = TestFiles.Root,
                Environment = { [ConnectionFile.EnvironmentVariable] = "", ["MSBUILDDISABLENODEREUSE"] = "1" },
            },
            Patience);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"Set {ConnectionFile.EnvironmentVariable}", result.Error, StringComparison.Ordinal);
    }
}

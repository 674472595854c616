using System.Diagnostics;
using System.Text.Json;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary><c>fed simulate</c> as people start it: the program that it starts has its terminal, its signals and its exit code.</summary>
public sealed class SimulateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-simulate-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Help_and_wrong_usage_are_the_programs_own()
    {
        var help = await TestProgram.RunAsync(TestFiles.Fed, "simulate", "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.All(["--partition", "--hospitals", "Exit codes:"], part => Assert.Contains(part, help.Output, StringComparison.Ordinal));
        Assert.Contains("simulate", (await TestProgram.RunAsync(TestFiles.Fed, "--help")).Output, StringComparison.Ordinal);
        var wrong = await TestProgram.RunAsync(TestFiles.Fed, "simulate", "plan.json", "--partition", "odd");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("'odd' is no partition", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_of_all_records_is_trained_and_its_results_are_files()
    {
        var result = await TestProgram.RunAsync(TestFiles.Fed, [.. Arguments(), "--hospitals", "6", "--rounds", "2"]);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(["model.json", "partition.svg", "results.json", "rounds.svg"], Directory.GetFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var results = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Out, "results.json"), Token));
        Assert.Equal(6, results.RootElement.GetProperty("hospitals").GetArrayLength());
        Assert.Equal(2, results.RootElement.GetProperty("run").GetProperty("committedRounds").GetInt32());
    }

    [Fact]
    public async Task A_signal_ends_both_programs_and_keeps_what_is_committed()
    {
        using var process = Process.Start(new ProcessStartInfo(TestFiles.Fed, [.. Arguments(), "--hospitals", "4", "--rounds", "100000"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line && !line.StartsWith("round 3 ", StringComparison.Ordinal))
            {
            }

            var rest = process.StandardOutput.ReadToEndAsync(deadline.Token);
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            {
                await kill.WaitForExitAsync(deadline.Token);
            }

            // Both write to it: it ends when both have.
            var error = await process.StandardError.ReadToEndAsync(deadline.Token);
            await rest;
            await process.WaitForExitAsync(deadline.Token);
            Assert.Equal(130, process.ExitCode);
            Assert.Contains("rounds that were committed", error, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Out, "results.json")));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private string Out => Path.Combine(_folder.FullName, "out");

    private string[] Arguments()
    {
        var (records, description) = TestFiles.Records(_folder.FullName);
        return
        [
            "simulate", TestFiles.At("samples", "plans", "fed-heart-disease.json"), "--dataset", description, "--data", records,
            "--sites", "cleveland,hungarian,switzerland,va", "--partition", "dirichlet:0.5", "--out", Out,
        ];
    }
}

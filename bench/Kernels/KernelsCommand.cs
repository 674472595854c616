using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace FederatedOrleans.Bench.Kernels;

/// <summary><c>bench kernels</c>: kernels as ratios to the memory bandwidth measured in the same process.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var command = new Command("kernels", "The weighted mean against the memory bandwidth of this machine");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // One process for limits and kernels: what one run of this machine gives is compared with itself.
        var config = ManualConfig.CreateEmpty()
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.Console)
            .AddJob(Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(2)
                .WithIterationCount(7)
                .WithInvocationCount(1)
                .WithUnrollFactor(1));
        var summary = BenchmarkRunner.Run<WeightedMeanBenchmarks>(config);
        await ResultFile.WriteAsync("kernels", "Weighted mean against memory bandwidth", Lines(summary), cancellationToken);
        return 0;
    }

    private static IEnumerable<string> Lines(Summary summary)
    {
        yield return "GB/s count the bytes of float32 input; for the limits the bytes read and written. Read ratios, not times.";
        yield return "";
        yield return "| updates x parameters | what | median ms | p90 ms | GB/s | against its limit | against the scalar loop |";
        yield return "| --- | --- | --- | --- | --- | --- | --- |";
        foreach (var size in summary.Reports.GroupBy(report => (Shape)report.BenchmarkCase.Parameters[nameof(WeightedMeanBenchmarks.Shape)]))
        {
            var reports = size.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, StringComparer.Ordinal);
            double Rate(string name) => WeightedMeanBenchmarks.BytesOf(name, size.Key) / reports[name].ResultStatistics!.Median;
            foreach (var (name, report) in reports)
            {
                var statistics = report.ResultStatistics!;
                var kernel = name is nameof(WeightedMeanBenchmarks.WeightedMean) or nameof(WeightedMeanBenchmarks.Scalar);

                // An accumulator beyond the caches is read and written at every update; one within them costs nothing.
                var limit = size.Key.Parameters * sizeof(float) > WeightedMeanBenchmarks.CacheBytes
                    ? Rate(nameof(WeightedMeanBenchmarks.UpdateLimit)) / 3
                    : Rate(nameof(WeightedMeanBenchmarks.ReadLimit));
                yield return $"| {size.Key} | {name} | {statistics.Median / 1e6:F1} | {statistics.Percentiles.P90 / 1e6:F1} | {Rate(name):F1} | "
                    + (kernel ? $"{Rate(name) / limit:F2} | {Rate(name) / Rate(nameof(WeightedMeanBenchmarks.Scalar)):F2} |" : "- | - |");
            }
        }
    }
}

using System.CommandLine;
using FederatedOrleans.Bench.Images;
using FederatedOrleans.Bench.Kernels;
using FederatedOrleans.Bench.Large;
using FederatedOrleans.Bench.Learning;
using FederatedOrleans.Bench.Line;
using FederatedOrleans.Bench.Links;
using FederatedOrleans.Bench.Rounds;
using FederatedOrleans.Bench.Scale;
using FederatedOrleans.Bench.Skew;
using FederatedOrleans.Bench.Streaming;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Bench;

/// <summary>Measures, prints a table and writes it to bench/results.</summary>
internal static class Program
{
    // Many hospitals are in this process, each with a disk to wait for.
    private const int LeastThreads = 16;

    private static async Task<int> Main(string[] args)
    {
        DiskThreads.Provide(LeastThreads);
        var root = new RootCommand("Measures FederatedOrleans.") { KernelsCommand.Create(), RoundsCommand.Create(), OverheadCommand.Create(), LargeCommand.Create(), MemoryCommand.Create(), LineCommand.Create(), ResultsCommand.Create(), TrainersCommand.Create(), ImagesCommand.Create(), StreamingCommand.Create(), SkewCommand.Create() };
        foreach (var command in ScaleCommand.Create())
        {
            root.Add(command);
        }

        try
        {
            return await root.Parse(args).InvokeAsync();
        }
        finally
        {
            BenchFolders.DeleteAll();
        }
    }
}

using System.CommandLine;
using FederatedOrleans.Bench.Kernels;
using FederatedOrleans.Bench.Large;
using FederatedOrleans.Bench.Rounds;

namespace FederatedOrleans.Bench;

/// <summary>Measures, prints a table and writes it to bench/results.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        new RootCommand("Measures FederatedOrleans.") { KernelsCommand.Create(), RoundsCommand.Create(), LargeCommand.Create() }.Parse(args).InvokeAsync();
}

using FederatedOrleans.Cli.Output;
using FederatedOrleans.Runs;
using Spectre.Console;

namespace FederatedOrleans.Simulation.Commands;

/// <summary>Follows a simulated run: a bar on a terminal, a line a round in a pipe, and what goes wrong in both.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>Follows it until it is over.</summary>
    /// <param name="output">Where it writes.</param>
    /// <param name="simulation">The simulation.</param>
    /// <param name="run">Run id.</param>
    /// <param name="rounds">Rounds asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task FollowAsync(CliOutput output, FederationSimulation simulation, string run, int rounds, CancellationToken cancellationToken)
    {
        if (!output.IsInteractive)
        {
            await FollowAsync(output, simulation, run, committed => output.Line($"round {committed} of {rounds} committed"), cancellationToken);
            return;
        }

        await output.Terminal.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("rounds", maxValue: rounds);
                await FollowAsync(output, simulation, run, committed => (bar.Value, bar.Description) = (committed, $"round {committed} of {rounds}"), cancellationToken);
            });
    }

    private static async Task FollowAsync(CliOutput output, FederationSimulation simulation, string run, Action<int> committed, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var showing = ShowAsync(output, simulation, run, committed, over.Token);
        try
        {
            await simulation.CompletionAsync(run, cancellationToken);

            // Its last events are told a moment later than they are so.
            await showing.WaitAsync(LastWords, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await over.CancelAsync();
            await showing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ShowAsync(CliOutput output, FederationSimulation simulation, string run, Action<int> committed, CancellationToken cancellationToken)
    {
        var shown = 0;
        await foreach (var occurred in simulation.WatchAsync(run, cancellationToken))
        {
            // Of so many hospitals that only the newest of their events are known, an event of a later round tells of the commit as well.
            var reached = occurred.Kind == RunEventKind.RoundCommitted ? occurred.Round : occurred.Round - 1;
            if (reached > shown)
            {
                committed(shown = reached);
            }

            switch (occurred.Kind)
            {
                case RunEventKind.RoundCommitted when occurred.Round == 0:
                    output.Line("statistics committed");
                    break;
                case RunEventKind.StatusChanged when FederationSimulation.IsOver(occurred.Status):
                    return;
                case RunEventKind.HospitalDeclined or RunEventKind.HospitalFailed or RunEventKind.HospitalLost or RunEventKind.RoundAbandoned:
                    output.Line($"round {occurred.Round}: {occurred.Text}");
                    break;
            }
        }
    }
}

using FederatedOrleans.Cli.Output;
using FederatedOrleans.Client;
using FederatedOrleans.Runs;
using Spectre.Console;

namespace FederatedOrleans.Cli.Runs;

/// <summary>Follows a run to its end: lines and a bar on a terminal, lines in a pipe, JSON lines for machines.</summary>
internal sealed class RunWatcher(CliContext context, FederationClient client)
{
    /// <summary>Whether the run ends with its watcher, as in the demo: a paused run is watched no further, since nobody would resume it.</summary>
    public bool IsRunsEnd { get; init; }

    public async Task<int> WatchAsync(string run, bool json, CancellationToken cancellationToken)
    {
        var view = await client.RunAsync(run, cancellationToken) ?? throw new FederationException($"There is no run '{run}'.");
        try
        {
            if (context.IsInteractive && !json)
            {
                await context.Output.Terminal.Progress()
                    .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
                    .StartAsync(async progress =>
                    {
                        var bar = progress.AddTask("rounds", maxValue: Math.Max(1, view.Summary.Rounds));
                        void Move(int rounds)
                        {
                            bar.Value = Math.Max(bar.Value, rounds);
                            bar.Description = $"round {bar.Value:0}/{view.Summary.Rounds}";
                        }

                        Move(view.Summary.CommittedRounds);
                        await FollowAsync(run, json, Move, cancellationToken);
                    });
            }
            else
            {
                await FollowAsync(run, json, _ => { }, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!IsRunsEnd)
            {
                context.Output.Error($"The run goes on without you: 'fed run watch {run}' watches it again.");
            }

            throw;
        }

        return await EndAsync(run, json, cancellationToken);
    }

    private async Task FollowAsync(string run, bool json, Action<int> committed, CancellationToken cancellationToken)
    {
        await foreach (var occurred in client.WatchAsync(run, cancellationToken))
        {
            if (json)
            {
                context.Output.JsonLine(occurred);
            }
            else
            {
                context.Output.Line(Text(occurred));
            }

            if (occurred.Kind == RunEventKind.RoundCommitted)
            {
                committed(occurred.Round);
            }

            if (IsRunsEnd && occurred is { Kind: RunEventKind.StatusChanged, Status: RunStatus.Paused })
            {
                return;
            }
        }
    }

    private async Task<int> EndAsync(string run, bool json, CancellationToken cancellationToken)
    {
        var summary = (await client.RunAsync(run, cancellationToken))?.Summary ?? throw new FederationException($"There is no run '{run}' any more.");
        var complete = summary.CommittedRounds >= summary.Rounds;
        if (json)
        {
            context.Output.JsonLine(new { summary });
        }
        else
        {
            context.Output.Line($"{run} {RunReport.Status(summary.Status)}: {summary.CommittedRounds} of {summary.Rounds} rounds committed");
        }

        if (summary.Status == RunStatus.Held)
        {
            context.Output.Error($"The run's model is held back: {summary.Reason}");
            return ExitCodes.Held;
        }

        if (!complete)
        {
            var how = summary.Status == RunStatus.Paused ? "is paused" : "ended";
            context.Output.Error($"The run {how} before its last round{(summary.Reason is null ? "." : $": {summary.Reason}")}");
        }

        return complete ? ExitCodes.Ok : ExitCodes.Incomplete;
    }

    private static string Text(RunEvent occurred)
    {
        var where = occurred switch
        {
            { Round: 0, Attempt: > 1 } => $"statistics (attempt {occurred.Attempt}): ",
            { Round: 0, Attempt: 1 } => "statistics: ",
            { Round: 0 } => "",
            _ when occurred.Text.StartsWith($"round {occurred.Round} ", StringComparison.Ordinal) => "",
            { Attempt: > 1 } => $"round {occurred.Round} (attempt {occurred.Attempt}): ",
            _ => $"round {occurred.Round}: ",
        };
        var metrics = occurred.Metrics is { } measured ? $" - {MetricsText.Of(measured)}" : "";
        return $"{occurred.At.UtcDateTime:HH:mm:ss} {where}{occurred.Text}{metrics}";
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Runs;
using FederatedOrleans.Simulation.Partitions;
using FederatedOrleans.Simulation.Reports;
using FederatedOrleans.Simulation.Results;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation.Commands;

/// <summary>A whole simulated study: from a plan and rows to the files of its results.</summary>
internal static class SimulatedStudy
{
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(20);

    /// <summary>Simulates it.</summary>
    /// <param name="options">What is simulated.</param>
    /// <param name="output">Where progress and figures go.</param>
    /// <param name="cancellationToken">Interrupts it; what is committed until then is written.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="FederationException">Something is wrong with the plan, the rows or what is asked of them; nothing has begun.</exception>
    public static async Task<int> RunAsync(SimulateOptions options, CliOutput output, CancellationToken cancellationToken)
    {
        var (plan, bytes) = await ReadPlanAsync(options, cancellationToken);
        var trainers = TrainersFor(plan, options);
        var source = await SourceLoader.LoadAsync(plan, options.Dataset, options.Data, options.Sites, options.Partition, cancellationToken);
        var dealer = new Dealer(source, options.MinimumRows, options.Seed ?? plan.Seed);
        var cohort = options.Partition.Drawn is { } drawn ? dealer.Deal(drawn, options.Hospitals!.Value) : dealer.DealGroups(options.Hospitals);
        CheckRound(plan, cohort.Hospitals.Length);
        var folder = ResultFolder.Make(options.Out ?? $"{plan.Name}-simulation");
        try
        {
            CohortTable.Write(output, plan, cohort);
            await using var simulation = await StartAsync(cohort, trainers, output, cancellationToken);
            var run = await simulation.SubmitAsync(bytes, cancellationToken);
            var isInterrupted = false;
            try
            {
                await RunProgress.FollowAsync(output, simulation, run, plan.Rounds, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Hours of work are not thrown away with the last round.
                isInterrupted = true;
            }

            using var last = new CancellationTokenSource(LastLook);
            if (isInterrupted)
            {
                // Else it would go on while its results are read.
                await simulation.Run(run).StopAsync("interrupted", last.Token);
            }

            var result = await ResultOfAsync(simulation, run, options, plan, cohort, isInterrupted ? last.Token : cancellationToken);
            if (options.Compare && !isInterrupted && result.Versions.Length > 0)
            {
                result = await CompareAsync(simulation, run, plan, cohort, trainers, result, output, cancellationToken);
            }

            await WriteAsync(folder, simulation, run, plan, result, isInterrupted ? last.Token : cancellationToken);
            ResultTable.Write(output, result);
            return Tell(output, folder, result.Run, isInterrupted);
        }
        finally
        {
            ResultFolder.RemoveIfEmpty(folder);
        }
    }

    private static async Task<(TrainingPlan Plan, byte[] Bytes)> ReadPlanAsync(SimulateOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Plan))
        {
            throw new FederationException($"There is no plan {options.Plan}.");
        }

        var bytes = await File.ReadAllBytesAsync(options.Plan, cancellationToken);
        if (options.Rounds is { } rounds && TrainingPlanReader.Read(bytes).Plan is not null)
        {
            var json = JsonNode.Parse(bytes)!.AsObject();
            json["rounds"] = rounds;
            bytes = JsonSerializer.SerializeToUtf8Bytes(json);
        }

        var (plan, faults) = TrainingPlanReader.Read(bytes);
        return plan is null ? throw new FederationException(string.Join('\n', faults.Select(fault => $"{Path.GetFileName(options.Plan)}: {fault}"))) : (plan, bytes);
    }

    private static Trainers TrainersFor(TrainingPlan plan, SimulateOptions options)
    {
        var faults = new List<string>();
        var trainers = new Trainers([.. options.Trainers.SelectMany(folder => TrainerFolder.Load(Path.GetFullPath(folder), faults))]);
        if (faults.Count == 0 && !trainers.Knows(plan.Model.Kind))
        {
            faults.Add($"There is no trainer for {plan.Model.Kind} here: --trainers names the folder of one.");
        }

        return faults.Count == 0 ? trainers : throw new FederationException(string.Join('\n', faults));
    }

    // No hospital joins later: a round would wait for one until its window ends, each time anew.
    private static void CheckRound(TrainingPlan plan, int hospitals)
    {
        string[] faults =
        [
            .. plan.Round.GoalCount > hospitals ? [$"round.goalCount is {plan.Round.GoalCount}"] : (string[])[],
            .. plan.Round.MinimumReports > hospitals ? [$"round.minimumReports is {plan.Round.MinimumReports}"] : (string[])[],
            .. plan.Hospitals.Length > 0 ? ["hospitals names real ones"] : (string[])[],
        ];
        if (faults.Length > 0)
        {
            throw new FederationException($"Plan {plan.Name} is not for {hospitals:N0} simulated hospitals: its {string.Join(", its ", faults)}. Change it, or --hospitals.");
        }
    }

    private static async Task<FederationSimulation> StartAsync(Cohort cohort, Trainers trainers, CliOutput output, CancellationToken cancellationToken)
    {
        output.Line($"Starting {cohort.Hospitals.Length:N0} hospitals...");
        return await FederationSimulation.StartAsync(
            new SimulationOptions { Hospitals = [.. cohort.Hospitals.Select(hospital => SimulatedHospital.Of(hospital.Id, hospital.Dataset))], Trainers = trainers }, cancellationToken);
    }

    private static async Task<SimulationResult> ResultOfAsync(
        FederationSimulation simulation, string run, SimulateOptions options, TrainingPlan plan, Cohort cohort, CancellationToken cancellationToken)
    {
        var summary = (await simulation.Run(run).ViewAsync(cancellationToken))!.Summary;
        return SimulationResult.Of(options, plan, cohort, summary, await simulation.VersionsAsync(run, cancellationToken));
    }

    private static async Task<SimulationResult> CompareAsync(
        FederationSimulation simulation,
        string run,
        TrainingPlan plan,
        Cohort cohort,
        Trainers trainers,
        SimulationResult result,
        CliOutput output,
        CancellationToken cancellationToken)
    {
        var version = result.Run.ModelVersion!.Value;
        var model = await simulation.ReadModelAsync(run, version, cancellationToken);
        var description = (await simulation.Run(run).DescribeModelAsync(version, cancellationToken))!;
        var fitted = plan.Preprocessing is null ? null : FittedPreprocessing.Fit(plan, Models.ParameterVector.FromBytes(description.Statistics!));
        SimulatedHospital[] hospitals = [.. cohort.Hospitals.Select(hospital => SimulatedHospital.Of(hospital.Id, hospital.Dataset))];
        var sites = new SiteReports(plan, hospitals) { Trainers = trainers, Preprocessing = fitted, Tell = output.Line };
        return result with
        {
            CrossSite = await sites.CrossSiteAsync(SimulationResult.Federated, model, cancellationToken),
            Differences = plan.Preprocessing is null ? null : await sites.DifferencesAsync(cancellationToken),
        };
    }

    private static async Task WriteAsync(
        string folder, FederationSimulation simulation, string run, TrainingPlan plan, SimulationResult result, CancellationToken cancellationToken)
    {
        // The results name the other files, so they come last.
        await ResultFolder.WriteAsync(folder, ResultFolder.Partition, PartitionPlot.ToSvg(result), cancellationToken);
        if (result.Versions.Any(version => version.Hospitals.Count > 0))
        {
            await ResultFolder.WriteAsync(folder, ResultFolder.Rounds, RoundsPlot.ToSvg(result), cancellationToken);
        }

        if (result.Run.ModelVersion is { } version && Models.ModelKinds.IsEvaluated(plan.Model.Kind))
        {
            await ResultFolder.WriteAsync(folder, ResultFolder.Model, Models.ModelExport.ToJson(plan, await simulation.DownloadModelAsync(run, version, cancellationToken)), cancellationToken);
        }

        await ResultFolder.WriteAsync(folder, ResultFolder.Results, result.ToJson(), cancellationToken);
    }

    private static int Tell(CliOutput output, string folder, RunResult run, bool isInterrupted)
    {
        output.Line($"Results: {folder}{Path.DirectorySeparatorChar}{{{string.Join(", ", Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal))}}}");
        if (isInterrupted)
        {
            output.Error($"Interrupted: the results are of the {run.CommittedRounds} rounds that were committed.");
            return ExitCodes.Interrupted;
        }

        if (run.Status == RunStatus.Held)
        {
            output.Error($"The run's model is held back: {run.Reason}");
            return ExitCodes.Held;
        }

        if (run.CommittedRounds < run.Rounds)
        {
            output.Error($"The run ended before its last round{(run.Reason is null ? "." : $": {run.Reason}")}");
            return ExitCodes.Incomplete;
        }

        return ExitCodes.Ok;
    }
}

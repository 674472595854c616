using System.Collections.Immutable;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Runs;
using FederatedOrleans.Simulation.Partitions;
using FederatedOrleans.Simulation.Reports;
using FederatedOrleans.Simulation.Results;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation.Commands;

/// <summary>A whole simulated study: from a plan and rows to the files of its results.</summary>
internal sealed class SimulatedStudy
{
    /// <summary>Most hospitals whose models are compared: each is measured at each.</summary>
    public const int MostCompared = 200;

    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(40);

    private readonly SimulateOptions _options;
    private readonly CliOutput _output;
    private readonly SimulatedPlan _plan;
    private readonly Trainers _trainers;
    private readonly Cohort _cohort;
    private readonly string _folder;

    private SimulatedStudy(SimulateOptions options, CliOutput output, SimulatedPlan plan, Trainers trainers, Cohort cohort, string folder) =>
        (_options, _output, _plan, _trainers, _cohort, _folder) = (options, output, plan, trainers, cohort, folder);

    private TrainingPlan Plan => _plan.Plan;

    /// <summary>Simulates one.</summary>
    /// <param name="options">What is simulated.</param>
    /// <param name="output">Where progress and figures go.</param>
    /// <param name="cancellationToken">Interrupts it; what is committed until then is written.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="FederationException">Something is wrong with the plan, the rows or what is asked of them, and nothing has begun; or comparing models failed, and the results of the run are there.</exception>
    public static async Task<int> RunAsync(SimulateOptions options, CliOutput output, CancellationToken cancellationToken)
    {
        var plan = await SimulatedPlan.ReadAsync(options.Plan, options.Rounds, cancellationToken);
        var place = Path.GetFullPath(options.Out ?? $"{plan.Plan.Name}-simulation");
        var faults = new List<string>(ResultFolder.FaultsOf(place));
        var trainers = TrainersFor(plan.Plan, options, faults);
        if (HospitalsOf(options) is { } known)
        {
            faults.AddRange(plan.FaultsFor(known));
        }

        Refuse(faults);
        var source = await SourceLoader.LoadAsync(plan.Plan, options.Dataset, options.Data, options.Sites, options.Partition, cancellationToken);
        var dealer = new Dealer(source, options.MinimumRows, options.Seed ?? plan.Plan.Seed);
        var cohort = options.Partition.Drawn is { } drawn ? dealer.Deal(drawn, options.Hospitals!.Value, cancellationToken) : dealer.DealGroups(options.Hospitals);
        faults.AddRange(plan.FaultsFor([.. cohort.Hospitals.Select(hospital => hospital.Id)]));
        if (options.Compare && cohort.Hospitals.Length > MostCompared)
        {
            faults.Add($"--compare measures each hospital's model at each, of {MostCompared:N0} hospitals at most; these are {cohort.Hospitals.Length:N0}.");
        }

        Refuse(faults);
        var folder = Directory.CreateDirectory(place).FullName;
        try
        {
            return await new SimulatedStudy(options, output, plan, trainers, cohort, folder).RunAsync(cancellationToken);
        }
        finally
        {
            ResultFolder.RemoveIfEmpty(folder);
        }
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        CohortTable.Write(_output, Plan, _cohort);
        _output.Line($"Starting {_cohort.Hospitals.Length:N0} hospitals...");
        await using var simulation = await FederationSimulation.StartAsync(new SimulationOptions { Hospitals = Hospitals(), Trainers = _trainers }, cancellationToken);
        var run = await simulation.SubmitAsync(_plan.Bytes, cancellationToken);
        var isInterrupted = false;
        try
        {
            await RunProgress.FollowAsync(_output, simulation, run, Plan.Rounds, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            isInterrupted = true;
        }

        // Hours of work are not thrown away with the last round: whoever interrupts from here on waits for its files.
        using var last = new CancellationTokenSource();
        await using var hurry = cancellationToken.Register(() => last.CancelAfter(LastLook));
        if (isInterrupted)
        {
            // Else it would go on while its results are read.
            await simulation.Run(run).StopAsync("interrupted", last.Token);
        }

        var summary = (await simulation.Run(run).ViewAsync(last.Token))!.Summary;
        var result = SimulationResult.Of(_options, Plan, _cohort, summary, await simulation.VersionsAsync(run, last.Token));
        await WriteAsync(simulation, run, result, last.Token);
        if (_options.Compare && !isInterrupted && result.Run.ModelVersion is { } version)
        {
            try
            {
                result = await CompareAsync(simulation, run, version, result, cancellationToken);
                await ResultFolder.WriteAsync(_folder, ResultFolder.Results, result.ToJson(), last.Token);
            }
            catch (OperationCanceledException)
            {
                isInterrupted = true;
            }
            catch (Exception fault) when (fault is TrainingDivergedException or DatasetException or ArgumentException or TimeoutException)
            {
                throw new FederationException($"The results of the run are in {_folder}; comparing models failed: {fault.Message}", fault);
            }
        }

        ResultTable.Write(_output, result);
        return Tell(result.Run, isInterrupted);
    }

    /// <summary>The hospitals where it is known before rows are read which there will be.</summary>
    private static IReadOnlyCollection<string>? HospitalsOf(SimulateOptions options) =>
        options.Partition.Drawn is not null ? [.. Dealer.NumberedIds(options.Hospitals!.Value)]
        : options.Partition.Kind == PartitionKind.Sites && (options.Hospitals ?? options.Sites.Length) == options.Sites.Length ? options.Sites.Order(StringComparer.Ordinal).ToArray()
        : null;

    private static Trainers TrainersFor(TrainingPlan plan, SimulateOptions options, List<string> faults)
    {
        var trainers = Trainers.BuiltIn;
        var families = options.Trainers.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).SelectMany(folder => TrainerFolder.Load(folder, faults)).ToArray();
        var twice = families.SelectMany(family => family.Kinds).Concat(trainers.Kinds).GroupBy(kind => kind, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).ToArray();
        if (twice.Length > 0)
        {
            faults.Add($"--trainers: there is more than one trainer for {twice[0].Key}.");
        }
        else
        {
            trainers = new Trainers(families);
            if (faults.Count == 0 && !trainers.Knows(plan.Model.Kind))
            {
                faults.Add($"There is no trainer for {plan.Model.Kind} here: --trainers names the folder of one.");
            }
        }

        if (options.Compare && !ModelKinds.IsEvaluated(plan.Model.Kind))
        {
            faults.Add($"--compare measures models, and a {plan.Model.Kind} has none: leave it out.");
        }

        return trainers;
    }

    private static void Refuse(List<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new FederationException(string.Join('\n', faults));
        }
    }

    private ImmutableArray<SimulatedHospital> Hospitals() => [.. _cohort.Hospitals.Select(hospital => SimulatedHospital.Of(hospital.Id, hospital.Dataset))];

    private async Task<SimulationResult> CompareAsync(
        FederationSimulation simulation, string run, int version, SimulationResult result, CancellationToken cancellationToken)
    {
        var model = await simulation.ReadModelAsync(run, version, cancellationToken);
        var description = (await simulation.Run(run).DescribeModelAsync(version, cancellationToken))!;
        var sites = new SiteReports(Plan, Hospitals())
        {
            Trainers = _trainers,
            Preprocessing = Plan.Preprocessing is null ? null : FittedPreprocessing.Fit(Plan, ParameterVector.FromBytes(description.Statistics!)),
            Rounds = version,
            Tell = _output.Line,
        };
        return result with
        {
            CrossSite = await sites.CrossSiteAsync(SimulationResult.Federated, model, cancellationToken),
            Differences = Plan.Preprocessing is null ? null : await sites.DifferencesAsync(cancellationToken),
        };
    }

    private async Task WriteAsync(FederationSimulation simulation, string run, SimulationResult result, CancellationToken cancellationToken)
    {
        await ResultFolder.WriteAsync(_folder, ResultFolder.Results, result.ToJson(), cancellationToken);
        await ResultFolder.WriteAsync(_folder, ResultFolder.Partition, PartitionPlot.ToSvg(result), cancellationToken);
        if (result.Versions.Any(version => version.Hospitals.Count > 0))
        {
            await ResultFolder.WriteAsync(_folder, ResultFolder.Rounds, RoundsPlot.ToSvg(result), cancellationToken);
        }

        // A model that is held back is taken by nobody, here either.
        if (result.Run is { ModelVersion: { } version, Status: not RunStatus.Held } && ModelKinds.IsEvaluated(Plan.Model.Kind))
        {
            await ResultFolder.WriteAsync(_folder, ResultFolder.Model, ModelExport.ToJson(Plan, await simulation.DownloadModelAsync(run, version, cancellationToken)), cancellationToken);
        }
    }

    private int Tell(RunResult run, bool isInterrupted)
    {
        _output.Raw($"Results: {_folder}{Path.DirectorySeparatorChar}{{{string.Join(", ", Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal))}}}");
        if (isInterrupted)
        {
            _output.Error($"Interrupted: the results are of the {run.CommittedRounds} rounds that were committed.");
            return ExitCodes.Interrupted;
        }

        if (run.Status == RunStatus.Held)
        {
            _output.Error($"The run's model is held back: {run.Reason}");
            return ExitCodes.Held;
        }

        if (run.Status != RunStatus.Completed)
        {
            _output.Error($"The run ended before its last round{(run.Reason is null ? "." : $": {run.Reason}")}");
            return ExitCodes.Incomplete;
        }

        return ExitCodes.Ok;
    }
}

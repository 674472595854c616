using System.Collections.Immutable;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Data;
using FederatedOrleans.Data.Statistics;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation.Reports;

/// <summary>What can be said only where the rows of all hospitals can be seen: in a simulation.</summary>
/// <param name="plan">The plan.</param>
/// <param name="hospitals">The hospitals.</param>
public sealed class SiteReports(TrainingPlan plan, IReadOnlyList<SimulatedHospital> hospitals)
{
    /// <summary>The name of the model of all hospitals' rows in one place.</summary>
    public const string Pooled = "pooled";

    /// <summary>The preprocessing that the run has fitted; absent where each hospital standardises by its own rows.</summary>
    public FittedPreprocessing? Preprocessing { get; init; }

    /// <summary>Rounds that models of one hospital and of all rows in one place are trained for; the plan's when absent. For a fair comparison those that the global model has had.</summary>
    public int? Rounds { get; init; }

    /// <summary>Takes a sentence before each part that takes long.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>What trains.</summary>
    internal Trainers Trainers { get; init; } = Trainers.BuiltIn;

    /// <summary>Each hospital's model of its own rows alone, one of all rows in one place, and a global one, each at every hospital.</summary>
    /// <param name="name">What the global model is called.</param>
    /// <param name="global">The global model.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>
    /// Where hospitals standardise by their own rows, models of one hospital see another's rows standardised by that other, as the global one does; the pooled one sees all by
    /// the pooled figures. Where the run has fitted a preprocessing, all see all rows by that.
    /// </remarks>
    public async Task<ImmutableArray<CrossSiteRow>> CrossSiteAsync(string name, ParameterVector global, CancellationToken cancellationToken = default)
    {
        var datasets = await LoadAsync(cancellationToken);
        PreparedDataset[] prepared = [.. datasets.Select(Prepare)];
        var rows = ImmutableArray.CreateBuilder<CrossSiteRow>();
        ImmutableArray<EvaluationMetrics> At(ParameterVector model, PreparedDataset[] at) =>
            [.. at.Select(data => ModelEvaluation.Evaluate(Trainers, plan, model, data, cancellationToken) with { Scores = null })];

        for (var index = 0; index < datasets.Length; index++)
        {
            Tell?.Invoke($"Training {hospitals[index].Id} alone ({index + 1:N0} of {datasets.Length:N0})");
            if (Alone(hospitals[index].Id, prepared[index], cancellationToken) is { } model)
            {
                rows.Add(new(hospitals[index].Id, At(model, prepared)));
            }
        }

        rows.Add(new(name, At(global, prepared)));
        Tell?.Invoke("Training all rows in one place");
        var together = Prepare(PooledRows.Of(datasets));
        if (Alone(Pooled, together, cancellationToken) is { } pooled)
        {
            rows.Add(new(Pooled, At(pooled, together.Standardization is { } standardization ? [.. datasets.Select(dataset => PreparedDataset.For(plan, dataset, standardization))] : prepared)));
        }

        return rows.ToImmutable();
    }

    /// <summary>How the hospitals differ: in their labels, in their features and in where their first updates go.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>The plan's preprocessing names ranges and bins of the features.</remarks>
    public async Task<ImmutableArray<HospitalDifference>> DifferencesAsync(CancellationToken cancellationToken = default)
    {
        // Whoever sees all rows has nothing to withhold from himself.
        var datasets = await LoadAsync(cancellationToken);
        ParameterVector[] sums = [.. datasets.Select(dataset => StatisticsCollector.Collect(plan, dataset, least: 1, cancellationToken))];
        var all = new Union().Aggregate(sums.Select((vector, index) => (hospitals[index].Id, vector, (long)datasets[index].TrainRows.Length)));
        var fitted = FittedPreprocessing.Fit(plan, all);
        ParameterVector?[] updates =
        [
            .. datasets.Select((dataset, index) => FirstUpdate(hospitals[index].Id, PreparedDataset.For(plan, dataset, fitted), cancellationToken)),
        ];
        return [.. sums.Select((vector, index) => DifferenceOf(index, vector, all, updates, datasets))];
    }

    private HospitalDifference DifferenceOf(int index, ParameterVector own, ParameterVector all, ParameterVector?[] updates, LocalDataset[] datasets)
    {
        var (one, every) = (SumsCodec.Decode(plan, own), SumsCodec.Decode(plan, all));
        var features = one.Features.Zip(every.Features, plan.Dataset.Schema.Features)
            .Select(part => (part.Third.Name, Distance: Differences.TotalVariation(part.First.Cells, part.Second.Cells) ?? 0)).ToArray();
        var farthest = features.MaxBy(feature => feature.Distance);
        var others = updates.Index().Where(other => other.Index != index && other.Item is not null)
            .Select(other => (hospitals[other.Index].Id, other.Item!, (long)datasets[other.Index].TrainRows.Length)).ToArray();
        return new()
        {
            Hospital = hospitals[index].Id,
            Rows = one.Rows,
            PositiveShare = plan.Dataset.Schema.LabelKind == LabelKind.Binary ? (double)one.Label.Cells[1] / one.Rows : null,
            LabelDistance = one.Label.Cells.Length == 0 ? null : Differences.TotalVariation(one.Label.Cells, every.Label.Cells),
            FeatureDistance = features.Average(feature => feature.Distance),
            FarthestFeature = farthest.Name,
            FarthestDistance = farthest.Distance,
            UpdateCosine = others.Length == 0 || updates[index] is not { } update ? null : Differences.Cosine(update, new WeightedMean().Aggregate(others)),
        };
    }

    /// <summary>What a hospital would send in the first round; nothing where its training diverges.</summary>
    private ParameterVector? FirstUpdate(string hospital, PreparedDataset data, CancellationToken cancellationToken)
    {
        try
        {
            return Trainers.For(plan).Train(RequestOf(hospital, data), cancellationToken: cancellationToken).Update;
        }
        catch (TrainingDivergedException)
        {
            return null;
        }
    }

    private PreparedDataset Prepare(LocalDataset dataset) => Preprocessing is { } fitted ? PreparedDataset.For(plan, dataset, fitted) : PreparedDataset.For(plan, dataset);

    private ParameterVector? Alone(string hospital, PreparedDataset data, CancellationToken cancellationToken)
    {
        // An ensemble has room for the trees of the plan's hospitals only.
        hospital = plan.Model.Kind == ModelKinds.TreeEnsemble && !plan.Hospitals.Contains(hospital, StringComparer.Ordinal) ? plan.Hospitals[0] : hospital;
        var local = LocalOnly.Start(plan);
        while (local.Round < (Rounds ?? plan.Rounds))
        {
            local = local.Next(Trainers, RequestOf(hospital, data), progress: null, cancellationToken);
        }

        return local.Model;
    }

    private TrainingRequest RequestOf(string hospital, PreparedDataset data) => new()
    {
        Plan = plan,
        Hospital = hospital,
        Round = 1,
        Data = data,
        Model = InitialParameters.For(plan),
        Iterator = DataIteratorState.Start,
    };

    private Task<LocalDataset[]> LoadAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(hospitals.Select(hospital => hospital.Datasets.LoadAsync(plan.Dataset.Name, cancellationToken)));
}

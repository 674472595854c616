using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Simulation.Reports;

namespace FederatedOrleans.Simulation;

/// <summary>What is said of hospitals whose rows can all be seen.</summary>
public sealed class SiteReportsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_hospitals_model_is_measured_at_every_hospital_beside_the_global_and_the_pooled_one()
    {
        var plan = TrainingPlanReader.Read(HeartDisease.Plan(plan => plan["training"]!["learningRate"] = 0.01)).Plan!;
        var hospitals = await HeartDisease.HospitalsAsync(Token);
        var rows = await new SiteReports(plan, hospitals).CrossSiteAsync("zero", ParameterVector.Zeros(14), Token);

        Assert.Equal([.. HeartDisease.Hospitals, "zero", SiteReports.Pooled], rows.Select(row => row.Model));
        Assert.All(rows, row => Assert.Equal([104L, 89, 16, 45], row.Metrics.Select(metrics => metrics.NumExamples)));

        // A model of Switzerland, where every training row is positive, says yes to all.
        Assert.All(rows[2].Metrics, metrics => Assert.Equal(0.5, metrics.BalancedAccuracy));
        Assert.All(rows[4].Metrics, metrics => Assert.Equal(Math.Log(2), metrics.LogLoss, 1e-12));
        Assert.All(rows[5].Metrics, metrics => Assert.InRange(metrics.Accuracy, 0.7, 1));
    }

    [Fact]
    public async Task Other_models_are_trained_for_as_many_rounds_as_the_global_one_has_had()
    {
        TrainingPlan Plan(int rounds) => TrainingPlanReader.Read(HeartDisease.Plan(plan => plan["rounds"] = rounds)).Plan!;
        var hospitals = await HeartDisease.HospitalsAsync(Token);
        async Task<IEnumerable<double>> LossesAsync(SiteReports reports) =>
            (await reports.CrossSiteAsync("zero", ParameterVector.Zeros(14), Token)).SelectMany(row => row.Metrics.Select(metrics => metrics.LogLoss));

        var three = await LossesAsync(new SiteReports(Plan(15), hospitals) { Rounds = 3 });
        Assert.Equal(await LossesAsync(new SiteReports(Plan(3), hospitals)), three);
        Assert.NotEqual(await LossesAsync(new SiteReports(Plan(15), hospitals)), three);
    }

    [Fact]
    public async Task The_hospital_with_one_class_is_the_farthest_from_the_others()
    {
        var (plan, faults) = TrainingPlanReader.Read(await File.ReadAllBytesAsync(TestFiles.At("samples", "plans", "heart-disease-statistics.json"), Token));
        Assert.Empty(faults);
        var differences = await new SiteReports(plan!, await HeartDisease.HospitalsAsync(Token)).DifferencesAsync(Token);

        Assert.Equal([199L, 172, 30, 85], differences.Select(each => each.Rows));
        var switzerland = differences[2];
        Assert.Equal((1.0, "chol"), (switzerland.PositiveShare, switzerland.FarthestFeature));
        Assert.Equal(234.0 / 486, switzerland.LabelDistance!.Value, 1e-12);
        Assert.All(differences, each => Assert.True(each.FeatureDistance <= switzerland.FeatureDistance && each.UpdateCosine >= switzerland.UpdateCosine));
        Assert.All(differences, each => Assert.InRange(each.UpdateCosine!.Value, -1, 1));
    }
}

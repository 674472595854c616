using FederatedOrleans.Cli.Output;
using FederatedOrleans.Plans;
using FederatedOrleans.Simulation.Partitions;

namespace FederatedOrleans.Simulation.Results;

/// <summary>Who has how many rows, before the run.</summary>
internal static class CohortTable
{
    private const int Most = 30;

    /// <summary>Writes it.</summary>
    public static void Write(CliOutput output, TrainingPlan plan, Cohort cohort)
    {
        var classes = plan.Dataset.Schema.ClassLabels();
        var results = HospitalResult.Of(cohort);
        output.Table(
            ["hospital", "training rows", "validation", "test", .. classes, .. classes.IsEmpty ? (string[])[] : ["label distance"]],
            results.Take(Most).Select(hospital => (string?[])
            [
                hospital.Group is null ? hospital.Hospital : $"{hospital.Hospital} ({hospital.Group})",
                $"{hospital.TrainRows}",
                $"{hospital.ValidationRows}",
                $"{hospital.TestRows}",
                .. hospital.LabelCounts.Select(count => $"{count}"),
                .. hospital.LabelDistance is { } distance ? [Figures.Text(distance)] : (string[])[],
            ]));
        if (results.Length > Most)
        {
            output.Line($"and {results.Length - Most:N0} more");
        }

        if (cohort.LeftOut > 0)
        {
            output.Line($"{cohort.LeftOut:N0} rows have no value in the column and are at no hospital.");
        }
    }
}

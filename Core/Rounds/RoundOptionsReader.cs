using System.Collections.Immutable;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Rounds;

/// <summary>Reads the rules of a round from a plan and checks them together.</summary>
internal static class RoundOptionsReader
{
    private const int MostHospitals = 100_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static RoundOptions Read(JsonObjectReader plan)
    {
        var defaults = new RoundOptions();
        if (plan.Object("round") is not { } reader)
        {
            return defaults;
        }

        var options = new RoundOptions
        {
            GoalCount = reader.WholeInt32("goalCount", 1, MostHospitals),
            MinimumReports = reader.WholeInt32("minimumReports", 1, MostHospitals),
            OverSelection = reader.NumberFrom("overSelection", 1, 10) ?? defaults.OverSelection,
            SelectionWindow = reader.Duration("selectionWindow", Second, Week) ?? defaults.SelectionWindow,
            ReportingDeadline = reader.Duration("reportingDeadline", Second, Week) ?? defaults.ReportingDeadline,
            Grace = reader.Duration("grace", TimeSpan.Zero, Week),
            ProgressExtension = reader.Duration("progressExtension", Second, Week * 2),
            Attempts = reader.WholeInt32("attempts", 1, 100) ?? defaults.Attempts,
            LeaseTime = reader.Duration("leaseTime", Second, TimeSpan.FromHours(1)) ?? defaults.LeaseTime,
            ClosingDeadline = reader.Duration("closingDeadline", Second, TimeSpan.FromDays(1)) ?? defaults.ClosingDeadline,
        };
        CheckTimes(options, reader);
        CheckCounts(options, reader);
        reader.Finish();
        return options;
    }

    /// <summary>Counts against the hospitals that the plan lists; all enrolled ones are not known yet when it lists none.</summary>
    public static void CheckAgainst(ImmutableArray<string> hospitals, bool listed, RoundOptions options, List<PlanFault> faults)
    {
        if (!listed || hospitals.IsEmpty)
        {
            return;
        }

        if (options.GoalCount > hospitals.Length)
        {
            faults.Add(new("$.round.goalCount", $"is {options.GoalCount:N0} but hospitals lists only {hospitals.Length:N0}"));
        }

        if (options.MinimumReports > hospitals.Length)
        {
            faults.Add(new("$.round.minimumReports", $"is {options.MinimumReports:N0} but hospitals lists only {hospitals.Length:N0}"));
        }

        if (hospitals.Length == 1 && options.MinimumReports is null && options.GoalCount is null)
        {
            faults.Add(new("$.round.minimumReports", "is 2 by default but hospitals lists only 1"));
        }
    }

    private static void CheckCounts(RoundOptions options, JsonObjectReader reader)
    {
        if (options.GoalCount is not { } goal)
        {
            return;
        }

        if (options.MinimumReports > goal)
        {
            reader.Fault("minimumReports", $"is {options.MinimumReports:N0}, more than goalCount, {goal:N0}");
        }
        else if (!reader.Has("minimumReports") && RoundOptionsResolution.DefaultMinimum(goal) > goal)
        {
            reader.Fault("minimumReports", $"is {RoundOptionsResolution.DefaultMinimum(goal):N0} by default, more than goalCount, {goal:N0}");
        }
    }

    private static void CheckTimes(RoundOptions options, JsonObjectReader reader)
    {
        if (options.Grace > options.ReportingDeadline)
        {
            reader.Fault("grace", $"is {options.Grace:c}, longer than reportingDeadline, {options.ReportingDeadline:c}");
        }

        if (options.ProgressExtension < options.ReportingDeadline)
        {
            reader.Fault("progressExtension", $"is {options.ProgressExtension:c}, shorter than reportingDeadline, {options.ReportingDeadline:c}");
        }
    }
}

using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Rounds;

/// <summary>Fixes what a plan leaves open once it is known which hospitals are eligible.</summary>
public static class RoundOptionsResolution
{
    /// <summary>The default of <see cref="RoundOptions.MinimumReports"/>: max(2, 60 % of the goal, rounded up).</summary>
    public static int DefaultMinimum(int goal) => Math.Max(2, (int)(((3L * goal) + 4) / 5));

    /// <summary>The rules with every number fixed, or all that stands against them. Exactly one of the two.</summary>
    /// <param name="options">The rules as a plan states them, already within their ranges.</param>
    /// <param name="eligible">Hospitals enrolled and approved for the plan, present or not.</param>
    public static (ResolvedRoundOptions? Options, ImmutableArray<PlanFault> Faults) Resolve(this RoundOptions options, int eligible)
    {
        var goal = options.GoalCount ?? eligible;
        var minimum = options.MinimumReports ?? DefaultMinimum(goal);
        var faults = Conflicts(options, eligible, goal, minimum).ToImmutableArray();
        if (!faults.IsEmpty)
        {
            return (null, faults);
        }

        return (new ResolvedRoundOptions
        {
            GoalCount = goal,
            MinimumReports = minimum,

            // 10 x 1.1 is a little above 11 in double and still means 11 invitations.
            Invitations = (int)Math.Clamp(Math.Ceiling((goal * options.OverSelection) - 1e-9), goal, eligible),
            SelectionWindow = options.SelectionWindow,
            ReportingDeadline = options.ReportingDeadline,
            Grace = options.Grace,
            ProgressCap = options.ProgressExtension ?? options.ReportingDeadline * 2,
            Attempts = options.Attempts,
            LeaseTime = options.LeaseTime,
            ClosingDeadline = options.ClosingDeadline,
        }, []);
    }

    /// <summary>The rules with the goal lowered to those who are left, for a round of a run whose hospitals have become fewer.</summary>
    /// <param name="options">The rules as a plan states them.</param>
    /// <param name="eligible">Hospitals that are eligible now.</param>
    /// <remarks>
    /// The minimum stays what it was when all were there: a model is never made of fewer reports because somebody left. A goal is a wish,
    /// and a run need not pause because it can't be fulfilled.
    /// </remarks>
    public static RoundOptions WithinReach(this RoundOptions options, int eligible) => options.GoalCount is { } goal && goal > eligible
        ? options with { GoalCount = eligible, MinimumReports = options.MinimumReports ?? DefaultMinimum(goal) }
        : options;

    /// <summary>The rules of a statistics round: every eligible hospital is wanted, and the sums of one alone are never told. Else the minimum stays what it was.</summary>
    /// <param name="options">The rules as a plan states them.</param>
    public static RoundOptions ForStatistics(this RoundOptions options) => options with
    {
        GoalCount = null,
        MinimumReports = (options.MinimumReports ?? (options.GoalCount is { } goal ? DefaultMinimum(goal) : null)) is { } minimum
            ? Math.Max(LeastStatistics, minimum)
            : null,
    };

    /// <summary>Fewest hospitals of a statistics round.</summary>
    public const int LeastStatistics = 2;

    private static IEnumerable<PlanFault> Conflicts(RoundOptions options, int eligible, int goal, int minimum)
    {
        if (eligible < 1)
        {
            yield return new("$.hospitals", "no hospital is eligible: none is enrolled and allowed for this plan");
            yield break;
        }

        if (goal > eligible)
        {
            yield return new("$.round.goalCount", $"{goal:N0} reports are wanted but only {Hospitals(eligible)} eligible");
        }

        if (minimum > eligible)
        {
            yield return new("$.round.minimumReports", $"{Minimum(options, minimum)} but only {Hospitals(eligible)} eligible");
        }

        if (minimum > goal && goal <= eligible && minimum <= eligible)
        {
            yield return new("$.round.minimumReports", $"{Minimum(options, minimum)}, more than the {goal:N0} wanted by goalCount");
        }
    }

    private static string Hospitals(int count) => count == 1 ? "1 hospital is" : $"{count:N0} hospitals are";

    private static string Minimum(RoundOptions options, int minimum) => options.MinimumReports is null
        ? $"the minimum of reports is {minimum:N0} by default"
        : $"the minimum of reports is {minimum:N0}";
}

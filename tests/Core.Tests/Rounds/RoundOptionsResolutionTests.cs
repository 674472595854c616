namespace FederatedOrleans.Rounds;

public sealed class RoundOptionsResolutionTests
{
    // goal, minimum, over-selection, eligible -> goal, minimum, invitations
    [Theory]
    [InlineData(null, null, 1.0, 4, 4, 3, 4)]
    [InlineData(null, null, 1.0, 2, 2, 2, 2)]
    [InlineData(null, null, 1.0, 5, 5, 3, 5)]
    [InlineData(null, null, 1.0, 100, 100, 60, 100)]
    [InlineData(10, null, 1.1, 100, 10, 6, 11)]
    [InlineData(10, 4, 1.3, 100, 10, 4, 13)]
    [InlineData(10, 4, 10.0, 12, 10, 4, 12)]
    [InlineData(1, 1, 1.0, 1, 1, 1, 1)]
    [InlineData(3, null, 1.5, 9, 3, 2, 5)]
    public void Counts_are_fixed_for_the_eligible(int? goal, int? minimum, double over, int eligible, int wantedGoal, int wantedMinimum, int wantedInvitations)
    {
        var (options, faults) = new RoundOptions { GoalCount = goal, MinimumReports = minimum, OverSelection = over }.Resolve(eligible);

        Assert.Empty(faults);
        Assert.Equal((wantedGoal, wantedMinimum, wantedInvitations), (options!.GoalCount, options.MinimumReports, options.Invitations));
    }

    [Theory]
    [InlineData(4, 3, 3, 3, 3)]
    [InlineData(4, null, 3, 3, 3)]
    [InlineData(10, null, 7, 7, 6)]
    [InlineData(4, 3, 9, 4, 3)]
    public void A_goal_out_of_reach_is_lowered_but_never_the_minimum(int goal, int? minimum, int eligible, int wantedGoal, int wantedMinimum)
    {
        var options = new RoundOptions { GoalCount = goal, MinimumReports = minimum }.WithinReach(eligible).Resolve(eligible).Options!;

        Assert.Equal((wantedGoal, wantedMinimum), (options.GoalCount, options.MinimumReports));
    }

    [Fact]
    public void Below_the_minimum_no_round_is_within_reach()
    {
        var (options, faults) = new RoundOptions { GoalCount = 10 }.WithinReach(5).Resolve(5);

        Assert.Null(options);
        Assert.Equal("the minimum of reports is 6 but only 5 hospitals are eligible", Assert.Single(faults).Message);
    }

    [Fact]
    public void Times_take_their_defaults()
    {
        var options = new RoundOptions { ReportingDeadline = TimeSpan.FromMinutes(7) }.Resolve(4).Options!;

        Assert.Equal(TimeSpan.FromMinutes(14), options.ProgressCap);
        Assert.Null(options.Grace);
        Assert.Equal((3, TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)), (options.Attempts, options.LeaseTime, options.SelectionWindow, options.ClosingDeadline));
        Assert.Equal(TimeSpan.FromMinutes(9), new RoundOptions { ProgressExtension = TimeSpan.FromMinutes(9) }.Resolve(4).Options!.ProgressCap);
    }

    [Theory]
    [InlineData(null, 3, 2, "the minimum of reports is 3 but only 2 hospitals are eligible")]
    [InlineData(null, null, 1, "the minimum of reports is 2 by default but only 1 hospital is eligible")]
    [InlineData(null, null, 0, "no hospital is eligible")]
    [InlineData(4, 2, 3, "4 reports are wanted but only 3 hospitals are eligible")]
    [InlineData(2, 3, 5, "the minimum of reports is 3, more than the 2 wanted")]
    public void What_cannot_be_met_is_said_in_words(int? goal, int? minimum, int eligible, string message)
    {
        var (options, faults) = new RoundOptions { GoalCount = goal, MinimumReports = minimum }.Resolve(eligible);

        Assert.Null(options);
        Assert.Contains(message, Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_counts_beyond_the_eligible_are_two_faults() =>
        Assert.Equal(2, new RoundOptions { GoalCount = 9, MinimumReports = 8 }.Resolve(3).Faults.Length);
}

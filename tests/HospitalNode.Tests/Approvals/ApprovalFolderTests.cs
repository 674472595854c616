using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Approvals;

/// <summary>Approvals as files: what is there approves, what is not there or can't be read does not.</summary>
public sealed class ApprovalFolderTests : IDisposable
{
    private static readonly ContentDigest Plan = ContentDigest.Of("plan"u8);
    private static readonly ContentDigest OtherPlan = ContentDigest.Of("other plan"u8);
    private readonly TestFiles _files = new();
    private readonly ApprovalFolder _approvals;

    public ApprovalFolderTests() => _approvals = new ApprovalFolder(Path.Combine(_files.Folder, "approvals"));

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Nothing_is_approved_where_nothing_was_given()
    {
        Assert.False(IsApproved(Plan, "study"));
        Assert.Empty(_approvals.List());
    }

    [Fact]
    public void An_approval_of_a_plan_covers_its_bytes_and_no_others()
    {
        _approvals.Give(Approval() with { PlanDigest = Plan });

        Assert.True(IsApproved(Plan, "study"));
        Assert.False(IsApproved(OtherPlan, "study"));
        Assert.False(_approvals.IsApproved("north", "other", new("logistic-regression", Plan, "study", false)));
        Assert.False(_approvals.IsApproved("north", "toy", new("other", Plan, "study", false)));
    }

    [Fact]
    public void An_approval_of_a_name_covers_every_plan_of_that_name()
    {
        _approvals.Give(Approval() with { PlanName = "study" });

        Assert.True(IsApproved(Plan, "study"));
        Assert.True(IsApproved(OtherPlan, "study"));
        Assert.False(IsApproved(Plan, "other-study"));
    }

    [Fact]
    public void Statistics_leave_by_the_approval_of_one_plan_or_of_a_name_that_says_so()
    {
        _approvals.Give(Approval() with { PlanName = "study" });
        Assert.False(IsApproved(OtherPlan, "study", gathersStatistics: true));
        _approvals.Give(Approval() with { PlanDigest = Plan });
        Assert.True(IsApproved(Plan, "study", gathersStatistics: true));
        _approvals.Give(Approval() with { PlanName = "study", Statistics = true });
        Assert.True(IsApproved(OtherPlan, "study", gathersStatistics: true));
        Assert.True(IsApproved(OtherPlan, "study"));
    }

    [Fact]
    public void A_withdrawn_approval_approves_nothing_from_the_next_question_on()
    {
        var id = _approvals.Give(Approval() with { PlanDigest = Plan });

        Assert.Equal([id], _approvals.List().Select(entry => entry.Id));
        Assert.True(_approvals.Withdraw(id));
        Assert.False(IsApproved(Plan, "study"));
        Assert.False(_approvals.Withdraw(id));
    }

    [Fact]
    public void Withdrawing_reaches_no_file_outside_the_folder()
    {
        _approvals.Give(Approval() with { PlanDigest = Plan });
        var outside = _files.Write("other.json", "{}");

        Assert.False(_approvals.Withdraw("../other"));
        Assert.True(File.Exists(outside));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("""{ "version": 2, "dataset": "toy", "trainer": "logistic-regression", "planName": "study", "givenAt": "2026-03-01T12:00:00Z" }""")]
    [InlineData("""{ "version": 1, "dataset": "toy", "trainer": "logistic-regression", "planName": "study", "givenAt": "2026-03-01T12:00:00Z", "and": 1 }""")]
    [InlineData("""{ "version": 1, "dataset": "toy", "trainer": "logistic-regression", "givenAt": "2026-03-01T12:00:00Z" }""")]
    public void A_file_that_is_no_approval_approves_nothing(string text)
    {
        Directory.CreateDirectory(Path.Combine(_files.Folder, "approvals"));
        _files.Write(Path.Combine("approvals", "toy.study.json"), text);

        Assert.False(IsApproved(Plan, "study"));
    }

    private bool IsApproved(ContentDigest plan, string name, bool gathersStatistics = false) =>
        _approvals.IsApproved("north", "toy", new("logistic-regression", plan, name, gathersStatistics));

    private static Approval Approval() => new()
    {
        Dataset = "toy",
        Trainer = "logistic-regression",
        GivenAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
    };
}

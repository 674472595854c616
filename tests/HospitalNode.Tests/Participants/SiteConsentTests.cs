using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>A hospital declines before it looks at a record.</summary>
public sealed class SiteConsentTests
{
    private static readonly ContentDigest AnyPlan = ContentDigest.Of("plan"u8);

    [Fact]
    public async Task A_dataset_with_another_schema_than_the_plans_is_declined()
    {
        var plan = PlanOn("age", "weight");

        Assert.Equal(SiteRefusal.SchemaDiffers, await AskAsync(plan, new OneSchema("toy", SchemaOf("age", "height"))));
        Assert.Equal(SiteRefusal.SchemaDiffers, await AskAsync(plan, new OneSchema("toy", SchemaOf("weight", "age"))));
    }

    [Fact]
    public void Where_a_schema_departs_from_the_plans_is_told_in_names()
    {
        var own = SchemaOf("age", "height");

        Assert.Equal("feature 2 here is height, and in the plan weight", SchemaDifference.Describe(own, SchemaOf("age", "weight")));
        Assert.Equal("feature 2 here is height, and in the plan missing", SchemaDifference.Describe(own, SchemaOf("age")));
        Assert.Equal("feature 3 here is missing, and in the plan sex", SchemaDifference.Describe(own, SchemaOf("age", "height", "sex")));
        Assert.Equal("the label here is ill, and the plan's dead", SchemaDifference.Describe(own, own with { Label = "dead" }));
        Assert.Equal(
            "the label here is binary, and the plan's numeric", SchemaDifference.Describe(own, own with { LabelKind = LabelKind.Numeric }));
        Assert.Equal(
            "the feature age has another kind, or other levels, or levels in another order, in the plan",
            SchemaDifference.Describe(
                own, own with { Features = own.Features.SetItem(0, own.Features[0] with { Kind = FeatureKind.Categorical, Levels = ["young", "old"] }) }));
    }

    [Fact]
    public async Task A_dataset_that_is_not_here_is_declined() =>
        Assert.Equal(SiteRefusal.DatasetMissing, await AskAsync(PlanOn("age"), new OneSchema("other", SchemaOf("age"))));

    [Fact]
    public async Task A_plan_that_this_node_does_not_understand_is_declined() =>
        Assert.Equal(SiteRefusal.TrainerMissing, await AskAsync(null, new OneSchema("toy", SchemaOf("age"))));

    // No grain is asked: all of this is decided before the owner's approval is looked up.
    private static Task<SiteRefusal> AskAsync(TrainingPlan? plan, IDatasetCatalog datasets) =>
        new SiteConsent(new SiteContext { Hospital = "north", Folder = "." }, grains: null!, datasets, Trainers.BuiltIn)
            .AskAsync(plan, AnyPlan, TestContext.Current.CancellationToken);

    private static DatasetSchema SchemaOf(params string[] features) =>
        new() { Features = [.. features.Select(name => new FeatureSpec { Name = name })], Label = "ill" };

    private static TrainingPlan PlanOn(params string[] features) => new()
    {
        Version = 1,
        Name = "toy-plan",
        Dataset = new DatasetPlan { Name = "toy", Schema = SchemaOf(features) },
        Model = new ModelPlan { Kind = "logistic-regression" },
        Training = new LocalTrainingPlan { LearningRate = 0.1, BatchSize = 4, Steps = 1 },
        Rounds = 1,
    };

    private sealed class OneSchema(string name, DatasetSchema schema) : IDatasetCatalog
    {
        public ImmutableArray<string> Names => [name];

        public DatasetSchema? SchemaOf(string asked) => asked == name ? schema : null;

        public Task<LocalDataset> LoadAsync(string asked, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No record may be read before the plan is approved.");
    }
}

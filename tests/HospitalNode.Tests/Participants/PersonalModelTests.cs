using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans.Site.Participants;

/// <summary>Models of a hospital's own.</summary>
public sealed class PersonalModelTests
{
    private static readonly ParameterVector Global = new([0.5f, -1f, 0.25f, 0.1f]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Held_by_nothing_it_is_trained_on_the_hospitals_rows_alone()
    {
        var plan = Plan(new() { Name = "ditto", Lambda = 0 });
        var first = PersonalModel.Train(Trainers.BuiltIn, Request(plan, Global), null, DataIteratorState.Start, null, Token)!.Value;
        var second = PersonalModel.Train(Trainers.BuiltIn, Request(plan, Global), first.Model, first.Next, null, Token)!.Value;

        // The same where the global model has gone elsewhere meanwhile, but for the rounding of the difference to it.
        var other = PersonalModel.Train(Trainers.BuiltIn, Request(plan, new([3f, 3f, 3f, 3f])), first.Model, first.Next, null, Token)!.Value;
        Assert.All(second.Model.Span.ToArray().Zip(other.Model.Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.NotEqual(first.Model.Digest, second.Model.Digest);
        Assert.NotEqual(first.Next, second.Next);
    }

    [Fact]
    public void The_stronger_it_is_held_the_nearer_it_stays_to_the_global_model()
    {
        double[] distances =
        [
            .. new[] { 0.0, 0.3, 3 }.Select(lambda =>
            {
                var own = PersonalModel.Train(Trainers.BuiltIn, 
                    Request(Plan(new() { Name = "ditto", Lambda = lambda, Steps = 500 }), Global), null, DataIteratorState.Start, null, Token)!.Value.Model;
                return new ParameterVector([.. own.Span.ToArray().Zip(Global.Span.ToArray(), (v, x) => v - x)]).Norm();
            }),
        ];
        Assert.Equal(distances.OrderDescending(), distances);
        Assert.InRange(distances[2], 1e-3, 0.3 * distances[0]);
    }

    [Fact]
    public void It_has_figures_of_its_own_or_those_of_the_training()
    {
        var plan = Plan(new() { Name = "fine-tune" });
        var tuned = PersonalModel.Train(Trainers.BuiltIn, Request(plan, Global), null, DataIteratorState.Start, null, Token)!.Value;
        Assert.Equal(new DataIteratorState { Position = 20 }, PersonalModel.Train(Trainers.BuiltIn, 
            Request(plan with { Personalization = plan.Personalization! with { Steps = 5 } }, Global), null, DataIteratorState.Start, null, Token)!.Value.Next);
        Assert.Equal(new DataIteratorState { Pass = 1, Position = 20 }, tuned.Next);
        Assert.NotEqual(tuned.Model.Digest, PersonalModel.Train(Trainers.BuiltIn, 
            Request(plan with { Personalization = plan.Personalization! with { LearningRate = 0.01 } }, Global), null, DataIteratorState.Start, null, Token)!.Value.Model.Digest);
    }

    [Fact]
    public void One_that_leaves_the_finite_numbers_is_none()
    {
        var plan = Plan(new() { Name = "fine-tune", LearningRate = 100, Steps = 1000 }, "none");
        var data = PreparedDataset.For(plan, Toy.Dataset(20, scale: 1e38f));
        Assert.Null(PersonalModel.Train(Trainers.BuiltIn, Request(plan, Global) with { Data = data }, null, DataIteratorState.Start, null, Token));
    }

    private static TrainingPlan Plan(PersonalizationPlan personalization, string standardization = "local") =>
        Toy.Plan(steps: 10, standardization: standardization) with { Personalization = personalization };

    private static TrainingRequest Request(TrainingPlan plan, ParameterVector global) => new()
    {
        Plan = plan, Hospital = "va", Round = 1, Data = PreparedDataset.For(plan, Toy.Dataset(20)), Model = global, Iterator = DataIteratorState.Start,
    };
}

using FederatedOrleans.Json;
using FederatedOrleans.Personalization;

namespace FederatedOrleans.Plans;

/// <summary>Reads how a plan's hospitals come to models of their own.</summary>
internal static class PersonalizationReader
{
    private const double MostLambda = 1000;

    public static PersonalizationPlan? Read(JsonObjectReader root)
    {
        if (root.Object("personalization") is not { } reader)
        {
            return null;
        }

        var named = reader.Choice("name", Personalizations.Names, required: true);
        var plan = new PersonalizationPlan
        {
            Name = named ?? Personalizations.FineTune,
            LearningRate = reader.NumberAbove("learningRate", 0, 100),
            Steps = reader.WholeInt32("steps", 1, 1_000_000),
            Epochs = reader.WholeInt32("epochs", 1, 10_000),
            Lambda = reader.NumberFrom("lambda", 0, MostLambda, required: named == Personalizations.Ditto) ?? 0,
        };
        if (reader.Has("steps") && reader.Has("epochs"))
        {
            reader.Fault("steps", "stands beside epochs: give one of the two, or neither for as many as in training");
        }

        reader.OnlyFor(named, "lambda", Personalizations.Ditto);
        reader.Finish();
        return plan;
    }
}

using FederatedOrleans.Json;

namespace FederatedOrleans.Plans;

/// <summary>Reads which committed model of another run a plan means.</summary>
internal static class ModelSourceReader
{
    /// <summary>The model in a member of <paramref name="parent"/>; null where there is none.</summary>
    public static ModelSource? Read(JsonObjectReader parent, string name)
    {
        if (parent.Object(name) is not { } reader)
        {
            return null;
        }

        var source = new ModelSource { Run = reader.Id("run"), Version = reader.WholeInt32("version", 0, 100_000) };
        reader.Finish();
        return source;
    }
}

using FederatedOrleans.Plans;

namespace FederatedOrleans.Site.Participants;

/// <summary>Where a dataset's description departs from a plan's schema: in names and kinds, which are both no secret.</summary>
internal static class SchemaDifference
{
    /// <summary>The first difference, in words.</summary>
    public static string Describe(DatasetSchema own, DatasetSchema asked)
    {
        if (own.Label != asked.Label)
        {
            return $"the label here is {own.Label}, and the plan's {asked.Label}";
        }

        if (own.LabelKind != asked.LabelKind)
        {
            return $"the label here is {Word(own.LabelKind)}, and the plan's {Word(asked.LabelKind)}";
        }

        if (!own.LabelLevels.SequenceEqual(asked.LabelLevels, StringComparer.Ordinal))
        {
            return "the label's classes, or their order, are others";
        }

        if (own.Image != asked.Image)
        {
            return "the images are of another size, or there are none on one of the two sides";
        }

        for (var index = 0; index < Math.Max(own.Features.Length, asked.Features.Length); index++)
        {
            var (here, there) = (own.Features.ElementAtOrDefault(index), asked.Features.ElementAtOrDefault(index));
            if (here?.Name != there?.Name)
            {
                return $"feature {index + 1} here is {here?.Name ?? "missing"}, and in the plan {there?.Name ?? "missing"}";
            }

            if (here!.Kind != there!.Kind || !here.Levels.SequenceEqual(there.Levels, StringComparer.Ordinal))
            {
                return $"the feature {here.Name} has another kind, or other levels, or levels in another order, in the plan";
            }
        }

        return "it was written by another version of this program";
    }

    private static string Word(LabelKind kind) => kind.ToString().ToLowerInvariant();
}

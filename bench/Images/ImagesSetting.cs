using System.Text.Json.Nodes;

namespace FederatedOrleans.Bench.Images;

/// <summary>One row of the results on images.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Hospitals">Who takes part.</param>
/// <param name="Change">What is other than in the sample plan.</param>
internal sealed record ImagesSetting(string Name, IReadOnlyList<string> Hospitals, Action<JsonObject>? Change);

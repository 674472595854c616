namespace FederatedOrleans.Federation;

/// <summary>The federation for people.</summary>
/// <param name="Federation">Federation id.</param>
/// <param name="Hospitals">Hospitals on its list.</param>
/// <param name="Runs">Runs on its list.</param>
[GenerateSerializer, Immutable, Alias("fo.FederationView")]
public sealed record FederationView([property: Id(0)] string Federation, [property: Id(1)] int Hospitals, [property: Id(2)] int Runs);

namespace FederatedOrleans.Link.Enrolment;

/// <summary>The JSON of an authority's folder.</summary>
internal sealed record AuthorityDocument
{
    public required int Version { get; init; }

    public required string Federation { get; init; }

    public required DateTimeOffset Created { get; init; }
}

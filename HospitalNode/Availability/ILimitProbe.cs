namespace FederatedOrleans.Site.Availability;

/// <summary>Measures one thing that the hospital has set a limit for.</summary>
internal interface ILimitProbe
{
    /// <summary>Why the limit is broken now, in words for the people at this node; null where it holds. Called a few times a second.</summary>
    /// <param name="cancellationToken">Stops the measuring.</param>
    ValueTask<string?> BrokenAsync(CancellationToken cancellationToken);
}

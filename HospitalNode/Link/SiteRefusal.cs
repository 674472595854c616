namespace FederatedOrleans.Site.Link;

/// <summary>Why this hospital declines. Only the code leaves the site.</summary>
[GenerateSerializer, Alias("fo.site.SiteRefusal")]
internal enum SiteRefusal
{
    /// <summary>Not declined.</summary>
    None = 0,

    /// <summary>The dataset's owner has not approved it.</summary>
    NotApproved = 1,

    /// <summary>There is no such dataset here.</summary>
    DatasetMissing = 2,

    /// <summary>The dataset has another schema than the plan asks for.</summary>
    SchemaDiffers = 3,

    /// <summary>This node lacks the trainer.</summary>
    TrainerMissing = 4,

    /// <summary>An earlier update still awaits its outcome.</summary>
    Busy = 5,

    /// <summary>The data can't be read as described.</summary>
    DataFaulty = 6,

    /// <summary>The attempt is not newer than what this hospital has settled.</summary>
    NotNewer = 7,

    /// <summary>It was tried and failed for another reason; the node's log tells.</summary>
    Failed = 8,

    /// <summary>The invitation falls outside the hours of this node.</summary>
    OutsideHours = 9,

    /// <summary>The node's machine is not free for it: a limit that its owner has set is broken.</summary>
    NoResources = 10,
}

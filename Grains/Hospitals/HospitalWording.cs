namespace FederatedOrleans.Hospitals;

/// <summary>What a hospital's codes say in words. A hospital sends a code, never a text; every link takes its words from here.</summary>
public static class HospitalWording
{
    /// <summary>The owner of the dataset has not approved the plan.</summary>
    public const string NotApproved = "not approved by the dataset's owner";

    /// <summary>There is no such dataset.</summary>
    public const string DatasetMissing = "it has no such dataset";

    /// <summary>The dataset has another schema.</summary>
    public const string SchemaDiffers = "its dataset has another schema";

    /// <summary>The node lacks the trainer.</summary>
    public const string TrainerMissing = "its node lacks the trainer";

    /// <summary>An earlier update awaits its outcome.</summary>
    public const string Busy = "busy with an earlier update";

    /// <summary>The data can't be read as described.</summary>
    public const string DataFaulty = "its data can't be read as described";

    /// <summary>The attempt is settled there.</summary>
    public const string NotNewer = "it has settled that attempt";

    /// <summary>It is closed for longer than the invitation holds.</summary>
    public const string OutsideHours = "outside its hours";

    /// <summary>A limit that it has set is broken.</summary>
    public const string NoResources = "its machine is not free for it now";

    /// <summary>A code that this centre does not know, or none.</summary>
    public const string NoReason = "no reason given";

    /// <summary>Training diverged.</summary>
    public const string Diverged = "training diverged";

    /// <summary>Training failed for a reason that stays at the hospital.</summary>
    public const string TrainingFailed = "training failed at the hospital; its log tells why";
}

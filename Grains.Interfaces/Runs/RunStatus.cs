namespace FederatedOrleans.Runs;

/// <summary>Where a run stands.</summary>
[GenerateSerializer, Alias("fo.RunStatus")]
public enum RunStatus
{
    /// <summary>Unknown to the federation.</summary>
    None = 0,

    /// <summary>Rounds go on.</summary>
    Running = 1,

    /// <summary>Waits for <c>resume</c>; the reason tells why.</summary>
    Paused = 2,

    /// <summary>Ended by its owner; its committed models stay.</summary>
    Stopped = 3,

    /// <summary>All rounds are committed; the last model is being evaluated.</summary>
    Evaluating = 4,

    /// <summary>All rounds are committed and the last model is evaluated.</summary>
    Completed = 5,

    /// <summary>Only in lists: the run can't be read at the centre; the reason tells why.</summary>
    Damaged = 6,

    /// <summary>The rounds are over and the model is evaluated, but held back: it does harm by the plan's rule. An operator releases it or stops the run.</summary>
    Held = 7,
}

using Orleans.Runtime;
using Orleans.Timers;

namespace FederatedOrleans.Runs;

/// <summary>Wakes an unfinished run whose activation is gone; what the run does follows from its stored state alone.</summary>
/// <remarks>Where the Silo keeps no reminders, as with embedded storage, runs are woken at its start only.</remarks>
internal sealed class RunReminder(GrainId run, IReminderRegistry? reminders)
{
    // Stored: never renamed.
    private const string Name = "wake";

    // The shortest that Orleans allows.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private bool? _isSet;

    /// <summary>Sets the reminder or takes it away, where that is not done already.</summary>
    /// <exception cref="Exception">The reminders can't be read or written now; to be tried again.</exception>
    public async Task KeepAsync(bool isWanted, CancellationToken cancellationToken)
    {
        if (reminders is null || _isSet == isWanted)
        {
            return;
        }

        if (isWanted)
        {
            await reminders.RegisterOrUpdateReminder(run, Name, Period, Period, cancellationToken);
        }
        else if (await reminders.GetReminder(run, Name, cancellationToken) is { } set)
        {
            await reminders.UnregisterReminder(run, set, cancellationToken);
        }

        _isSet = isWanted;
    }
}

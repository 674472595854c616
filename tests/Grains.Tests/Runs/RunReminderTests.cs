using Orleans.Runtime;
using Orleans.Timers;

namespace FederatedOrleans.Runs;

public sealed class RunReminderTests
{
    private static readonly GrainId Run = GrainId.Create("fo.run", "run:a");

    [Fact]
    public async Task It_is_set_once_and_taken_away_once()
    {
        var registry = new Registry();
        var reminder = new RunReminder(Run, registry);
        await reminder.KeepAsync(true, default);
        await reminder.KeepAsync(true, default);
        Assert.Equal((1, TimeSpan.FromMinutes(1)), (registry.Registered, Assert.Single(registry.Set).Value));

        await reminder.KeepAsync(false, default);
        await reminder.KeepAsync(false, default);
        Assert.Empty(registry.Set);
        Assert.Equal(1, registry.Unregistered);
    }

    [Fact]
    public async Task What_failed_is_tried_again()
    {
        var registry = new Registry { Failures = 1 };
        var reminder = new RunReminder(Run, registry);
        await Assert.ThrowsAsync<IOException>(() => reminder.KeepAsync(true, default));
        await reminder.KeepAsync(true, default);

        Assert.Single(registry.Set);
    }

    [Fact]
    public async Task A_new_activation_takes_away_what_an_earlier_one_set()
    {
        var registry = new Registry();
        await new RunReminder(Run, registry).KeepAsync(true, default);
        await new RunReminder(Run, registry).KeepAsync(false, default);

        Assert.Empty(registry.Set);
    }

    [Fact]
    public async Task Where_there_are_no_reminders_nothing_is_done() => await new RunReminder(Run, null).KeepAsync(true, default);

    private sealed class Registry : IReminderRegistry
    {
        public Dictionary<(GrainId, string), TimeSpan> Set { get; } = [];

        public int Failures { get; set; }

        public int Registered { get; private set; }

        public int Unregistered { get; private set; }

        public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
        {
            if (Failures-- > 0)
            {
                throw new IOException("away");
            }

            Registered++;
            Set[(callingGrainId, reminderName)] = period;
            return Task.FromResult<IGrainReminder>(new Named(reminderName));
        }

        public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
        {
            Unregistered++;
            Set.Remove((callingGrainId, reminder.ReminderName));
            return Task.CompletedTask;
        }

        public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) => Task.FromResult<IGrainReminder?>(
            Set.ContainsKey((callingGrainId, reminderName)) ? new Named(reminderName) : null);

        public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => Task.FromResult<List<IGrainReminder>>(
            [.. Set.Keys.Where(key => key.Item1 == callingGrainId).Select(key => new Named(key.Item2))]);

        private sealed record Named(string ReminderName) : IGrainReminder;
    }
}

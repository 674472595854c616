using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>What people have a run do: pause, go on, end, close or give up its round, let a held model go.</summary>
internal sealed partial class RunGrain
{
    public Task<CommandResult> CloseRoundAsync(CancellationToken cancellationToken = default) => SteerRoundAsync(
        (coordinator, attempt) => coordinator.CloseAsync(attempt, cancellationToken),
        verdict => verdict == RoundVerdict.Forbidden
            ? "Fewer than the minimum are in: a model is never made of so few. `fed run why` tells who is missing."
            : "The round is closing already, or over.",
        cancellationToken);

    public Task<CommandResult> AbandonRoundAsync(string reason, CancellationToken cancellationToken = default) => SteerRoundAsync(
        (coordinator, attempt) => coordinator.CancelAsync(attempt, reason, cancellationToken),
        _ => "The attempt is over, or being given up already.",
        cancellationToken);

    public async Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        switch (state.Status)
        {
            case RunStatus.Paused:
                return CommandResult.Ok;
            case RunStatus.Running:
                await MoveAsync(
                    state with { Status = RunStatus.Paused, Reason = reason, Attempt = state.Attempt + 1 }, reason, cancellationToken);

                // Once stored, not before: the coordinator is told decisions only.
                _toEnd = (state.Round, state.Attempt);
                return CommandResult.Ok;
            default:
                return Refused();
        }
    }

    public async Task<CommandResult> ResumeAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        switch (state.Status)
        {
            case RunStatus.Running:
                return CommandResult.Ok;
            case RunStatus.Paused:
                await MoveAsync(
                    state with { Status = RunStatus.Running, Reason = null, Abandoned = 0, NotBefore = default },
                    "the run goes on",
                    cancellationToken);
                return CommandResult.Ok;
            default:
                return Refused();
        }
    }

    public async Task<CommandResult> StopAsync(string reason, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        switch (state.Status)
        {
            case RunStatus.Stopped:
                return CommandResult.Ok;
            case RunStatus.Running or RunStatus.Paused or RunStatus.Held:
                await MoveAsync(
                    state with { Status = RunStatus.Stopped, Reason = reason, Attempt = state.Attempt + 1 }, reason, cancellationToken);

                // While paused no attempt is under way; the one that the pause ended may still have to be told.
                _toEnd = state.Status == RunStatus.Running ? (state.Round, state.Attempt) : _toEnd;
                return CommandResult.Ok;
            default:
                return Refused();
        }
    }

    public async Task<CommandResult> ReleaseAsync(string reason, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.Status != RunStatus.Held)
        {
            return state.Status == RunStatus.None ? Refused() : CommandResult.Refused($"{Id} is not held: there is nothing to release.");
        }

        var text = $"released, {reason}, although {state.Reason}";
        await MoveAsync(state with { Status = RunStatus.Completed, Reason = text }, text, cancellationToken);
        return CommandResult.Ok;
    }

    private async Task<CommandResult> SteerRoundAsync(
        Func<IRoundCoordinatorGrain, int, Task<RoundVerdict>> steer, Func<RoundVerdict, string> whyNot, CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Status != RunStatus.Running || _begun != (state.Round, state.Attempt))
        {
            var why = await WhyAsync(cancellationToken);
            return CommandResult.Refused(why is null ? $"There is no run {Id}." : $"No round of {Id} is under way: {why.Why}.");
        }

        var verdict = await steer(Coordinator(state.Round), state.Attempt);
        return verdict == RoundVerdict.Applied ? CommandResult.Ok : CommandResult.Refused(whyNot(verdict));
    }

    private CommandResult Refused() => CommandResult.Refused(State.Current.Status switch
    {
        RunStatus.None => $"There is no run {Id}.",
        RunStatus.Held => $"{Id} is over, and its model is held back: {State.Current.Reason}.",
        RunStatus.Stopped => $"{Id} is stopped; a stopped run can't go on. Submit the plan again.",
        _ => State.Current.Reason is { } reason ? $"{Id} is over: {reason}." : $"{Id} has committed all its rounds.",
    });
}

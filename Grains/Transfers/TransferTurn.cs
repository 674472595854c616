namespace FederatedOrleans.Transfers;

/// <summary>One transfer's turn, which it has or waits for. For one caller at a time.</summary>
/// <param name="turns">Where turns are given.</param>
/// <param name="hospital">Whose transfer it is.</param>
internal sealed class TransferTurn(TransferTurns turns, string hospital) : IDisposable
{
    // However busy the machine is, a line that stands still is no reason for others to wait.
    private const int MostTimes = 20;

    // A chunk of an upload is longer than what is sent at a time, and while one is awaited a processor may have nothing to take.
    private const int MostTimesLent = 5;

    // After a wait a slow line has some chunks together: it is fast when it has brought more.
    private const int ManyAtOnce = 4;

    private bool _isTaken;
    private int _atOnce;

    /// <summary>Whether what moved last had to be waited for: the next is waited for without a turn.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Takes the turn, or goes on with it where no transfer of an earlier hospital waits for one.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        if (_isTaken && turns.MustYield(hospital))
        {
            Dispose();
        }

        if (!_isTaken)
        {
            await turns.EnterAsync(hospital, IsSlow, cancellationToken);
            _isTaken = true;
        }
    }

    /// <summary>Waits for what is moving; where that takes longer, without the turn from then on.</summary>
    /// <param name="moving">What is waited for.</param>
    /// <param name="patience">For how long the turn is kept.</param>
    /// <param name="isBusy">Whether it is this machine that takes its time, not the line: the turn is then kept for longer. Never where absent.</param>
    /// <param name="mostTimes">How many times as long at most.</param>
    public async Task<T> AwaitAsync<T>(Task<T> moving, TimeSpan patience, Func<bool>? isBusy = null, int mostTimes = MostTimes)
    {
        for (var time = 0; !moving.IsCompleted && (time == 0 || (time < mostTimes && isBusy?.Invoke() == true)); time++)
        {
            await ((Task)moving).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        IsSlow = !moving.IsCompleted;
        if (IsSlow)
        {
            Dispose();
        }

        return await moving;
    }

    /// <summary>As <see cref="AwaitAsync"/>, and has the turn again in the end.</summary>
    /// <param name="reading">What is waited for.</param>
    /// <param name="patience">For how long the turn is kept.</param>
    /// <param name="isBusy">Whether it is this machine that takes its time, not the line; not asked where the line is known to be slow.</param>
    public async Task<T> LendAsync<T>(Task<T> reading, TimeSpan patience, Func<bool>? isBusy = null)
    {
        var wasSlow = IsSlow;
        var read = await AwaitAsync(reading, patience, wasSlow ? null : isBusy, MostTimesLent);
        _atOnce = IsSlow ? 0 : _atOnce + 1;
        IsSlow |= wasSlow && _atOnce < ManyAtOnce;
        if (!_isTaken)
        {
            // Also when nobody waits for the transfer any more: what has arrived is kept.
            await TakeAsync(CancellationToken.None);
        }

        return read;
    }

    /// <summary>Ends the turn.</summary>
    public void Dispose()
    {
        if (_isTaken)
        {
            _isTaken = false;
            turns.Leave();
        }
    }
}

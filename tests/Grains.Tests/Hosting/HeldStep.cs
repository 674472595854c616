using System.Diagnostics;
using FederatedOrleans.Diagnostics;

namespace FederatedOrleans.Hosting;

/// <summary>Holds whoever reaches a step of a run there, until it is disposed of.</summary>
internal sealed class HeldStep : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly string _step;
    private readonly string _run;
    private readonly ManualResetEventSlim _goesOn = new();
    private readonly List<IDisposable> _subscriptions = [];

    /// <summary>Waits for the step.</summary>
    /// <param name="step">One of <see cref="StepNames"/>.</param>
    /// <param name="run">Whose.</param>
    public HeldStep(string step, string run)
    {
        (_step, _run) = (step, run);
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Steps.ListenerName)
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == _step && ((string)value.Value!).StartsWith(_run + "/", StringComparison.Ordinal))
        {
            _goesOn.Wait(Longest);
        }
    }

    public void OnCompleted()
    {
        // The listener lives as long as the process.
    }

    public void OnError(Exception error)
    {
        // It tells none.
    }

    public void Dispose()
    {
        _goesOn.Set();
        _subscriptions.ForEach(subscription => subscription.Dispose());
    }
}

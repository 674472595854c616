using System.Diagnostics;

namespace FederatedOrleans.Diagnostics;

/// <summary>Announces that the protocol has reached a step, to whoever listens in this process; does nothing where nobody does.</summary>
/// <remarks>
/// Tests listen, to end a process exactly there. Listeners are called on the thread that announces, before it goes on. What is announced
/// beside the name says of which attempt: never a record, an update or a key. Safe for concurrent use.
/// </remarks>
public static class Steps
{
    /// <summary>Name of the <see cref="DiagnosticListener"/>.</summary>
    public const string ListenerName = "FederatedOrleans.Steps";

    // It lives as long as the process.
    private static readonly DiagnosticListener Listener = new(ListenerName);

    /// <summary>Whether anybody listens: what is dear to find out is found out only then.</summary>
    public static bool AreWatched => Listener.IsEnabled();

    /// <summary>Announces a step.</summary>
    /// <param name="step">One of <see cref="StepNames"/>.</param>
    /// <param name="subject">What it is a step of: text that begins <c>run/round/attempt</c>.</param>
    public static void Reach(string step, string subject)
    {
        if (Listener.IsEnabled())
        {
            Listener.Write(step, subject);
        }
    }
}

using System.Collections.Concurrent;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>Whether and how the next thing goes wrong: each subject has a stream of decisions of its own under one seed.</summary>
internal sealed class FaultSchedule(long seed, bool isQuiet = false)
{
    private readonly ConcurrentDictionary<string, Decisions> _decisions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private bool _isQuiet = isQuiet;

    /// <summary>From now on things go wrong.</summary>
    public void Begin() => Volatile.Write(ref _isQuiet, false);

    /// <summary>From now on nothing goes wrong, so that everything can recover.</summary>
    public void End() => Volatile.Write(ref _isQuiet, true);

    /// <summary>Whether the next one of a subject happens, at a rate from 0 to 1.</summary>
    public bool Happens(string subject, double rate) => rate > 0 && !Volatile.Read(ref _isQuiet) && Next(subject) < rate;

    /// <summary>The next number of a subject: 0 to <paramref name="bound"/> - 1.</summary>
    public int Next(string subject, int bound) => bound == 0 ? 0 : (int)(Next(subject) * bound);

    /// <summary>Keeps a call that nobody waits for until it has arrived.</summary>
    public void Straggles(Task call)
    {
        foreach (var over in _underWay.Keys.Where(call => call.IsCompleted))
        {
            _underWay.TryRemove(over, out _);
        }

        _underWay.TryAdd(call, true);
    }

    /// <summary>Waits for the calls that nobody waits for.</summary>
    public Task ArrivedAsync(CancellationToken cancellationToken) => Task.WhenAll(_underWay.Keys).WaitAsync(cancellationToken);

    private double Next(string subject) => _decisions.GetOrAdd(subject, name => new(SeededRandom.For("faults", seed, name))).Next();

    private sealed class Decisions(SeededRandom random)
    {
        private readonly Lock _lock = new();

        public double Next()
        {
            lock (_lock)
            {
                return random.NextDouble();
            }
        }
    }
}

namespace FederatedOrleans.Simulation.Faults;

/// <summary>What goes wrong between the hospitals and the centre of a simulation, drawn under a seed.</summary>
/// <remarks>
/// The same seed gives each kind of call of each hospital the same sequence of faults. Which of several calls comes first is the
/// machine's choice.
/// </remarks>
public sealed record LinkFaults
{
    /// <summary>Seed of every decision.</summary>
    public long Seed { get; init; }

    /// <summary>Probability, 0 to 1, that a call meets a fault: it is lost, its answer is lost, it arrives twice, late or after later ones; so does what is told.</summary>
    public double CallRate { get; init; }

    /// <summary>Probability, 0 to 1, that a body breaks off.</summary>
    public double BodyRate { get; init; }

    /// <summary>Probability, 0 to 1, that a hospital drops out of an attempt: it trains, and its update never comes.</summary>
    public double DropOutRate { get; init; }

    /// <summary>How late a call arrives at most: 3 s by default.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After how many bytes a body breaks off at most: 16 by default, so that small ones break too.</summary>
    public int LongestBody { get; init; } = 16;

    /// <exception cref="FederationException">A value lies outside its range: all of them are named.</exception>
    internal void Check()
    {
        var faults = new (string Name, double Value)[] { (nameof(CallRate), CallRate), (nameof(BodyRate), BodyRate), (nameof(DropOutRate), DropOutRate) }
            .Where(rate => rate.Value is not (>= 0 and <= 1))
            .Select(rate => $"{rate.Name} is {rate.Value}, not from 0 to 1")
            .ToList();
        if (LongestDelay < TimeSpan.Zero || LongestDelay > TimeSpan.FromDays(1))
        {
            faults.Add($"{nameof(LongestDelay)} is {LongestDelay:c}, not from 0 to 1 day");
        }

        if (LongestBody < 0)
        {
            faults.Add($"{nameof(LongestBody)} is {LongestBody}, below 0");
        }

        if (faults.Count > 0)
        {
            throw new FederationException($"The faults of the link can't be simulated: {string.Join("; ", faults)}.");
        }
    }
}

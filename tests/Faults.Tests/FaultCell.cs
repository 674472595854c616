namespace FederatedOrleans.Faults;

/// <summary>What came of killing somebody at a step.</summary>
/// <param name="Killed">Who was killed; a column of the table.</param>
/// <param name="Step">Where; a row.</param>
/// <param name="Seconds">From the kill to the next phase that was stored, or to the end of the run.</param>
/// <param name="Attempts">Attempts that the three rounds took.</param>
internal sealed record FaultCell(string Killed, string Step, double Seconds, int Attempts);

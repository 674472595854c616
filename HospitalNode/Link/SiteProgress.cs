namespace FederatedOrleans.Site.Link;

/// <summary>What a training's job does, and how far it is.</summary>
/// <param name="Work">What it does now.</param>
/// <param name="StepsDone">Training steps done.</param>
/// <param name="StepsTotal">Training steps in all; 0 where not known yet.</param>
/// <param name="BytesDone">Bytes of the transfer under way that are done; 0 where there is none.</param>
/// <param name="BytesTotal">Bytes of that transfer in all; 0 where not known.</param>
internal sealed record SiteProgress(SiteWork Work, long StepsDone, long StepsTotal, long BytesDone = 0, long BytesTotal = 0);

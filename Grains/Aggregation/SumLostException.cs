namespace FederatedOrleans.Aggregation;

/// <summary>What a group or a shard had added up is gone: what was being stored of it is given up, as if that had been cancelled.</summary>
internal sealed class SumLostException() : OperationCanceledException("A sum of the epoch is lost.");

namespace FederatedOrleans.Data;

/// <summary>A store cannot be reached now; another try may find it.</summary>
/// <param name="fault">Why, in words.</param>
internal sealed class StoreAwayException(string fault) : DatasetException(fault);

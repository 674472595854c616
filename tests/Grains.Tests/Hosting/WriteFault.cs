namespace FederatedOrleans.Hosting;

/// <summary>How a write fails.</summary>
internal enum WriteFault
{
    None,

    /// <summary>Nothing is stored and the writer is told so.</summary>
    NotStored,

    /// <summary>The state is stored, but the writer is told that it is not: as when the answer of a database is lost.</summary>
    StoredButNotTold,
}

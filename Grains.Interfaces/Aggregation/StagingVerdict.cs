namespace FederatedOrleans.Aggregation;

/// <summary>What an aggregator made of a chunk.</summary>
[GenerateSerializer, Alias("fo.StagingVerdict")]
public enum StagingVerdict
{
    /// <summary>Staged; more is to come.</summary>
    Partial = 0,

    /// <summary>Staged whole, and every check has passed.</summary>
    Complete = 1,

    /// <summary>The chunk does not begin where the staged bytes end; <c>Held</c> tells where.</summary>
    WrongOffset = 2,

    /// <summary>This activation does not serve the epoch: it is lost.</summary>
    Lost = 3,

    /// <summary>No room now; come back later.</summary>
    Busy = 4,

    /// <summary>The update is not one of this plan: wrong length.</summary>
    WrongLength = 5,

    /// <summary>The bytes have another digest than was declared.</summary>
    WrongDigest = 6,

    /// <summary>A value is NaN, infinite, or so large that a sum of updates would be.</summary>
    NotFinite = 7,

    /// <summary>The hospital has staged another update in this epoch.</summary>
    OtherUpdate = 8,

    /// <summary>The number of examples is below 1 or above what is believable.</summary>
    WrongWeight = 9,

    /// <summary>The update is encoded otherwise than its plan says.</summary>
    WrongEncoding = 10,

    /// <summary>The bytes are not what their encoding says.</summary>
    Malformed = 11,

    /// <summary>A value is no digit of a statistic, so that sums would not be exact.</summary>
    NoDigit = 12,

    /// <summary>A value is in another hospital's part of the model, or a part does not begin with the rows that it says.</summary>
    OutsideOwnPart = 13,
}

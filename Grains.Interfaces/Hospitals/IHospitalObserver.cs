using Orleans.Concurrency;

namespace FederatedOrleans.Hospitals;

/// <summary>The end of a hospital's open stream at a silo. Calls may be lost: hospitals ask besides.</summary>
[GrainInterfaceType("fo.hospital-observer")]
public interface IHospitalObserver : IGrainObserver
{
    /// <summary>Something waits for the hospital: it should ask.</summary>
    [Alias("wake-up"), OneWay]
    Task WakeUpAsync();

    /// <summary>All that is asked of the hospital has changed to this.</summary>
    [Alias("tell"), OneWay]
    Task TellAsync(HospitalInbox inbox);

    /// <summary>The hospital's key is revoked: drop the stream.</summary>
    [Alias("drop"), OneWay]
    Task DropAsync();
}

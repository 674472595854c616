using CommunityToolkit.HighPerformance;

namespace FederatedOrleans.Models;

/// <summary>Room for a vector's payload that a file or a socket fills: a large model is in memory once.</summary>
/// <param name="length">Number of parameters.</param>
public sealed class ParameterBuffer(int length)
{
    private float[]? _values = GC.AllocateUninitializedArray<float>(length);

    /// <summary>The raw little-endian float32 payload; fill it whole.</summary>
    /// <exception cref="InvalidOperationException">The vector was made.</exception>
    public Memory<byte> Payload => Values().AsMemory().AsBytes();

    /// <summary>The vector of what the payload holds now. The buffer is spent.</summary>
    /// <exception cref="InvalidOperationException">The vector was made before.</exception>
    public ParameterVector ToVector()
    {
        var values = Values();
        _values = null;
        ParameterVector.ToMachineOrder(values);
        return new(values);
    }

    private float[] Values() => _values ?? throw new InvalidOperationException("The vector was made: nobody writes to it any more.");
}

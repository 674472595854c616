using Orleans.Runtime;

namespace FederatedOrleans;

/// <summary>References to grains without the cost of finding out their types each time.</summary>
public static class GrainFactoryExtensions
{
    /// <summary>A reference to a grain whose class names its type itself, as all of this project do.</summary>
    /// <typeparam name="T">Its interface.</typeparam>
    /// <param name="grains">Makes references.</param>
    /// <param name="key">One of <see cref="GrainKeys"/>.</param>
    /// <remarks><see cref="IGrainFactory.GetGrain{T}(string, string)"/> reads both types from attributes by reflection in every call.</remarks>
    public static T Grain<T>(this IGrainFactory grains, string key)
        where T : class, IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(grains);
        if (Names<T>.Known is not { } names)
        {
            var first = (GrainReference)(object)grains.GetGrain<T>(key);
            names = Names<T>.Known = Tuple.Create(first.GrainId.Type, first.InterfaceType);
        }

        return (T)grains.GetGrain(GrainId.Create(names.Item1, IdSpan.Create(key)), names.Item2);
    }

    private static class Names<T>
    {
        // Written whole and at once, by whoever comes first; all write the same.
        public static Tuple<GrainType, GrainInterfaceType>? Known { get; set; }
    }
}

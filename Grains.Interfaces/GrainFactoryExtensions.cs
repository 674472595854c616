using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace FederatedOrleans;

/// <summary>References to grains without the cost of finding out their types each time.</summary>
public static class GrainFactoryExtensions
{
    /// <summary>A reference to a grain.</summary>
    /// <typeparam name="T">Its interface.</typeparam>
    /// <param name="grains">Makes references.</param>
    /// <param name="key">One of <see cref="GrainKeys"/>.</param>
    /// <remarks><see cref="IGrainFactory.GetGrain{T}(string, string)"/> reads both types from attributes by reflection in every call.</remarks>
    public static T Grain<T>(this IGrainFactory grains, string key)
        where T : class, IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(grains);
        var types = Types<T>.Known.GetValue(grains, Types<T>.Find);
        return (T)grains.GetGrain(GrainId.Create(types.Grain, IdSpan.Create(key)), types.Interface);
    }

    private sealed record TypesOfGrain(GrainType Grain, GrainInterfaceType Interface);

    private static class Types<T>
        where T : class, IGrainWithStringKey
    {
        // By factory: which class implements an interface is a matter of each cluster.
        public static ConditionalWeakTable<IGrainFactory, TypesOfGrain> Known { get; } = [];

        public static TypesOfGrain Find(IGrainFactory grains)
        {
            var any = (GrainReference)(object)grains.GetGrain<T>("any");
            return new(any.GrainId.Type, any.InterfaceType);
        }
    }
}

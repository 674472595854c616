using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;

namespace FederatedOrleans.Storage;

/// <summary>Embedded grain storage for a silo.</summary>
public static class SqliteGrainStorageExtensions
{
    /// <summary>Adds grain storage in one SQLite file, which is made where it is missing.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">Name of the storage provider.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="version">
    /// The newest version of what such a file holds, tables and states, that this program knows: one of an older version gets it, one of a
    /// newer version is refused. Centre and hospitals have a number each, since neither's files concern the other.
    /// </param>
    /// <exception cref="DataFolderException">The file was written by a newer version of this program.</exception>
    /// <remarks>States are stored by Orleans' own serializer: what identifies them are the aliases and ids in the code, not CLR names.</remarks>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder silo, string name, string path, int version)
    {
        SqliteSchema.Apply(path, version);
        var file = $"{name} file";
        silo.AddAdoNetGrainStorage(file, options => options.Configure<Serializer>((storage, serializer) =>
        {
            // "System.Data.SQLite" is Orleans' name for it; the assembly it loads is Microsoft.Data.Sqlite.
            storage.Invariant = "System.Data.SQLite";
            storage.DataSource = new SqliteDataSource(path);
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => new SerialWrites(services.GetRequiredKeyedService<IGrainStorage>(file)));
        return silo;
    }
}

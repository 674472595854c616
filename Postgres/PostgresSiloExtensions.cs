using FederatedOrleans.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;

namespace FederatedOrleans.Postgres;

/// <summary>A silo that shares one database with the others of its cluster.</summary>
public static class PostgresSiloExtensions
{
    private const string Invariant = "Npgsql";

    /// <summary>Puts membership, reminders, grain state and blobs in the database.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="database">The database; held by the caller for as long as the silo runs.</param>
    /// <param name="storageName">Name of the storage provider of grain state.</param>
    /// <remarks>
    /// States are stored by Orleans' own serializer: what identifies them are the aliases and ids in the code, not CLR names. The times are
    /// those of silos in one machine room: over slow lines they would take healthy silos for dead.
    /// </remarks>
    public static ISiloBuilder UsePostgres(this ISiloBuilder silo, PostgresDatabase database, string storageName)
    {
        silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.DataSource) = (Invariant, database.Source));
        silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.DataSource) = (Invariant, database.Source));
        silo.AddAdoNetGrainStorage(storageName, options => options.Configure<Serializer>((storage, serializer) =>
        {
            (storage.Invariant, storage.DataSource) = (Invariant, database.Source);
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 2;

            // Two must agree that a third is dead. Where only two are left Orleans asks for half of them, which is one.
            membership.NumVotesForDeathDeclaration = 2;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });

        // What the database refused is told to a caller on another silo as it is; else he is told that it can't be told.
        silo.Services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add(Invariant));
        silo.Services.AddSingleton<IBlobStore>(new PostgresBlobStore(database));
        return silo;
    }
}

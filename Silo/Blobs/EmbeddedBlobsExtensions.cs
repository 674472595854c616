using FederatedOrleans.Observing;
using FederatedOrleans.Storage;
using Orleans.Hosting;

namespace FederatedOrleans.Blobs;

/// <summary>Embedded blobs for a Silo.</summary>
internal static class EmbeddedBlobsExtensions
{
    /// <summary>Adds the blobs of one Silo, which are opened at once: what is wrong with them is told before the Silo starts.</summary>
    /// <param name="silo">The Silo, which closes them.</param>
    /// <param name="file">The SQLite file of short contents.</param>
    /// <param name="folder">The folder of the others.</param>
    /// <exception cref="DataFolderException">The file was written by a newer version of this program.</exception>
    public static ISiloBuilder AddEmbeddedBlobs(this ISiloBuilder silo, string file, string folder)
    {
        var contents = SqliteContents.Open(file);
        return silo.ConfigureServices(services => services.AddSingleton<IBlobStore>(provider =>
            new EmbeddedBlobStore(contents, folder, provider.GetRequiredService<FederationMetrics>())));
    }
}

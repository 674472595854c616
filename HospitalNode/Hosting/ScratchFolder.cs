namespace FederatedOrleans.Site.Hosting;

/// <summary>A temporary folder that is deleted with what it holds; or none.</summary>
/// <param name="folder">The folder, which nobody else may enter.</param>
internal sealed class ScratchFolder(DirectoryInfo? folder) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => folder?.Delete(recursive: true);
}

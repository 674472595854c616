using System.Runtime.InteropServices;

namespace FederatedOrleans.Training;

/// <summary>What libtorch's threads must find in the environment when it is loaded.</summary>
internal static partial class LibTorchEnvironment
{
    private static readonly Lock Preparing = new();
    private static bool _isPrepared;

    /// <summary>
    /// Has OpenMP's threads sleep while they wait, before libgomp is loaded: those that spin slow two nodes on one machine down ninefold. What
    /// the environment says already is kept.
    /// </summary>
    public static void Prepare()
    {
        lock (Preparing)
        {
            if (!_isPrepared && OperatingSystem.IsLinux())
            {
                // The runtime's own SetEnvironmentVariable does not reach the C library's environment.
                _ = SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0);
            }

            _isPrepared = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

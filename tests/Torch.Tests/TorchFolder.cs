using System.Runtime.CompilerServices;
using FederatedOrleans.Training;

namespace FederatedOrleans;

/// <summary>The trainers of convolutional networks, loaded as a node loads them.</summary>
internal static class TorchFolder
{
    /// <summary>Where the build leaves them.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(Here(), "..", "..", "artifacts", "bin", "FederatedOrleans.Torch", "release"));

    /// <summary>What a node with them can train.</summary>
    public static Trainers Trainers { get; } = Load();

    private static Trainers Load()
    {
        var faults = new List<string>();
        var families = TrainerFolder.Load(Path, faults);
        Assert.Empty(faults);
        return new([.. families]);
    }

    private static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}

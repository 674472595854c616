using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;

namespace FederatedOrleans.Training;

/// <summary>Model families that lie in a folder of their own, apart from the node, since few hospitals need them and they are large.</summary>
internal static class TrainerFolder
{
    private const string Dependencies = ".deps.json";

    /// <summary>Loads every family of a folder, and what it needs.</summary>
    /// <param name="folder">The folder: the output of a project that depends on this one, with the list of its dependencies.</param>
    /// <param name="faults">Receives a sentence where there is none, or where it cannot be loaded.</param>
    public static IReadOnlyList<IModelFamily> Load(string folder, ICollection<string> faults)
    {
        if (!Directory.Exists(folder))
        {
            faults.Add($"The folder of trainers {folder} does not exist.");
            return [];
        }

        if (Directory.GetFiles(folder, $"*{Dependencies}") is not [var list])
        {
            faults.Add($"The folder {folder} holds no trainers: it must have one file *{Dependencies}, as the build of a trainer leaves it.");
            return [];
        }

        var file = list[..^Dependencies.Length] + ".dll";
        try
        {
            if (!IsList(list))
            {
                faults.Add($"{list} is no list of dependencies as the build of a trainer leaves it.");
                return [];
            }

            var assembly = new TrainerLoadContext(file).LoadFromAssemblyPath(file);
            var families = assembly.GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IModelFamily)))
                .Select(type => (IModelFamily)Activator.CreateInstance(type, nonPublic: true)!)
                .ToArray();
            foreach (var family in families)
            {
                family.Load();
            }

            if (families.Length == 0)
            {
                faults.Add($"{file} holds no trainer for this version of the node.");
            }

            return families;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever a library's start throws: the node says so and does not start without what it was told to have.
            faults.Add($"The trainers in {folder} cannot be loaded: {exception.GetBaseException().Message}");
            return [];
        }
    }

    /// <summary>Whether a file is a list of dependencies. The host that reads it ends the process where it is none.</summary>
    private static bool IsList(string path)
    {
        try
        {
            using var list = JsonDocument.Parse(File.ReadAllBytes(path));
            return list.RootElement.TryGetProperty("runtimeTarget", out var target)
                && target.TryGetProperty("name", out var name)
                && list.RootElement.TryGetProperty("targets", out var targets)
                && targets.TryGetProperty(name.GetString()!, out _)
                && list.RootElement.TryGetProperty("libraries", out _);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentNullException)
        {
            return false;
        }
    }

    /// <summary>Keeps what a family needs apart; what the node has itself is the node's.</summary>
    private sealed class TrainerLoadContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
    {
        private readonly AssemblyDependencyResolver _resolver = new(file);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (FileNotFoundException)
            {
                return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
            }
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}

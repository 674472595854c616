namespace FederatedOrleans.Cli.Demo;

/// <summary>Where the demo's records come from: a folder, the UCI archive with its checksums, or a made-up cohort.</summary>
internal sealed class DemoData
{
    private const string Subfolder = "heart-disease";

    private DemoData(string folder, string origin, bool isSynthetic = false, bool isPublished = false) =>
        (Folder, Origin, IsSynthetic, IsPublished) = (folder, origin, isSynthetic, isPublished);

    /// <summary>The folder that holds the four files.</summary>
    public string Folder { get; }

    /// <summary>Where they come from, in words.</summary>
    public string Origin { get; }

    /// <summary>Whether nobody ever had this disease.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Whether they are the archive's, byte for byte: only these have published results.</summary>
    public bool IsPublished { get; }

    /// <summary>Finds the data: the folder asked for, FEDERATED_DATA, a folder <c>shared/data</c> beside the project, the archive, else made up.</summary>
    /// <param name="asked">The folder asked for.</param>
    /// <param name="context">Environment variables and the archive.</param>
    /// <param name="project">The project's folder.</param>
    /// <param name="scratch">A folder for what is downloaded or made.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<DemoData> FindAsync(
        string? asked, CliContext context, string project, string scratch, CancellationToken cancellationToken)
    {
        var (real, missing) = await FindRealAsync(asked, context, project, scratch, cancellationToken);
        if (real is not null)
        {
            return real;
        }

        SyntheticCohort.Write(scratch);
        return new(scratch, $"a synthetic cohort (made up, seeded; {missing})", isSynthetic: true);
    }

    /// <summary>Finds the data by the same rule, but makes nothing up: what is found, or why there is none.</summary>
    /// <param name="asked">The folder asked for.</param>
    /// <param name="context">Environment variables and the archive.</param>
    /// <param name="project">The project's folder.</param>
    /// <param name="downloads">A folder for what is downloaded; what is there already is not downloaded again.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<(DemoData? Data, string? Missing)> FindRealAsync(
        string? asked, CliContext context, string project, string downloads, CancellationToken cancellationToken)
    {
        var archive = context.Archive;
        if (asked is not null)
        {
            return In(asked, archive) is { } named
                ? (Of(named, archive), null)
                : throw new FederationException($"{asked} does not hold the four files processed.<hospital>.data, nor a folder {Subfolder} that does.");
        }

        string?[] candidates = [context.Environment("FEDERATED_DATA"), Path.Combine(project, "..", "shared", "data"), downloads];
        if (candidates.OfType<string>().Where(candidate => candidate.Length > 0).Select(candidate => In(candidate, archive)).OfType<string>().FirstOrDefault() is { } found)
        {
            return (Of(found, archive), null);
        }

        return await archive.DownloadAsync(downloads, cancellationToken) is { } missing
            ? (null, missing)
            : (new(downloads, "the real records, downloaded from the UCI archive with their checksums verified", isPublished: true), null);
    }

    private static DemoData Of(string folder, HeartDiseaseArchive archive) => archive.Holds(folder)
        ? new(folder, $"the real records in {folder}", isPublished: true)
        : new(folder, $"the files in {folder}, which are not those of the UCI archive");

    private static string? In(string folder, HeartDiseaseArchive archive) => new[] { folder, Path.Combine(folder, Subfolder) }
        .Select(Path.GetFullPath)
        .FirstOrDefault(path => archive.Files.All(file => File.Exists(Path.Combine(path, file))));
}

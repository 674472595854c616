using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Cli.Output;

namespace FederatedOrleans.Cli.Tests.Demo;

/// <summary>Where the demo and <c>./test.sh</c> take the records from.</summary>
public sealed class DemoDataTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fed-data-");
    private readonly Archive _archive = new();
    private string? _environment;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Scratch => In("scratch");

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_folder_asked_for_comes_before_all_others()
    {
        Hold("asked", "named", "shared/data");
        _environment = In("named");

        await AssertFoundAsync(In("asked"), asked: In("asked"));
    }

    [Fact]
    public async Task The_folder_of_the_environment_comes_before_the_one_beside_the_project()
    {
        Hold("named", "shared/data");
        _environment = In("named");

        await AssertFoundAsync(In("named"));
    }

    [Fact]
    public async Task A_subfolder_heart_disease_will_do()
    {
        Hold("asked/heart-disease", "named/heart-disease", "shared/data/heart-disease");
        _environment = In("named");

        await AssertFoundAsync(In("asked", "heart-disease"), asked: In("asked"));
        await AssertFoundAsync(In("named", "heart-disease"));
        _environment = null;
        await AssertFoundAsync(In("shared", "data", "heart-disease"));
    }

    [Theory]
    [InlineData("named")]
    [InlineData("nowhere")]
    [InlineData(null)]
    public async Task What_the_environment_names_is_passed_over_without_all_four_files(string? named)
    {
        Hold("named", "shared/data");
        File.Delete(In("named", "processed.va.data"));
        _environment = named is null ? "" : In(named);

        await AssertFoundAsync(In("shared", "data"));
    }

    [Theory]
    [InlineData("asked")]
    [InlineData("nowhere")]
    public async Task A_folder_asked_for_without_all_four_files_is_told(string asked)
    {
        Hold("asked", "shared/data");
        File.Delete(In("asked", "processed.va.data"));

        var told = await Assert.ThrowsAsync<FederationException>(() => FindAsync(In(asked)));

        Assert.Equal($"{In(asked)} does not hold the four files processed.<hospital>.data, nor a folder heart-disease that does.", told.Message);
        Assert.Equal(0, _archive.Requests);
    }

    [Fact]
    public async Task Files_that_are_the_archives_byte_for_byte_are_the_real_records()
    {
        Directory.CreateDirectory(In("asked"));
        foreach (var file in _archive.Published.Files)
        {
            await File.WriteAllBytesAsync(In("asked", file), _archive[file], Token);
        }

        var data = await FindAsync(In("asked"));

        Assert.Equal((In("asked"), $"the real records in {In("asked")}", true), (data.Folder, data.Origin, data.IsPublished));
        Assert.Equal(0, _archive.Requests);
    }

    [Fact]
    public void The_made_up_hospitals_are_the_same_each_time_and_differ_from_one_another()
    {
        SyntheticCohort.Write(In("one"));
        SyntheticCohort.Write(In("other"));
        var sick = new List<double>();
        foreach (var file in _archive.Published.Files)
        {
            Assert.Equal(File.ReadAllBytes(In("one", file)), File.ReadAllBytes(In("other", file)));
            sick.Add(File.ReadLines(In("one", file)).Average(line => line.EndsWith(",0", StringComparison.Ordinal) ? 0.0 : 1.0));
        }

        // Rates of disease: Hungarian, Cleveland, VA, Switzerland, as of the real ones.
        Assert.True(sick[1] < sick[0] && sick[0] < sick[3] && sick[3] < sick[2], string.Join(' ', sick));
    }

    [Fact]
    public async Task The_archives_files_are_downloaded_as_they_are_where_no_folder_has_them()
    {
        var data = await FindAsync();

        Assert.Equal((Scratch, "the real records, downloaded from the UCI archive with their checksums verified", false), (data.Folder, data.Origin, data.IsSynthetic));
        foreach (var file in _archive.Published.Files)
        {
            Assert.Equal(_archive[file], await File.ReadAllBytesAsync(Path.Combine(Scratch, file), Token));
        }
    }

    [Fact]
    public async Task A_broken_file_is_not_taken_for_the_archives()
    {
        _archive.Broken = "processed.va.data";

        await AssertMadeUpAsync("the UCI archive's processed.va.data has another checksum than the published one");
        Assert.NotEqual(_archive["processed.cleveland.data"], await File.ReadAllBytesAsync(Path.Combine(Scratch, "processed.cleveland.data"), Token));
    }

    [Fact]
    public async Task A_missing_file_makes_a_cohort_up()
    {
        _archive.Absent = "processed.va.data";

        await AssertMadeUpAsync("the UCI archive could not be reached");
    }

    [Fact]
    public async Task An_archive_that_is_away_makes_a_cohort_up()
    {
        await _archive.DisposeAsync();

        await AssertMadeUpAsync("the UCI archive could not be reached");
    }

    [Theory]
    [InlineData("asked", "Data: the files in {0}, which are not those of the UCI archive")]
    [InlineData(null, "Data: a synthetic cohort (made up, seeded; the UCI archive could not be reached)")]
    public async Task The_demos_first_line_says_which(string? asked, string line)
    {
        Hold("asked");
        _archive.Absent = "processed.cleveland.data";
        string[] data = asked is null ? [] : ["--data", In(asked)];

        // There is no Silo, so that the demo ends after it.
        var (exitCode, output, error) = await FedAsync(
            ["demo", "--project", Project(), "--silo", In("no-silo"), "--node", In("no-node"), "--folder", In("federation"), .. data]);

        Assert.Equal(string.Format(line, In("asked")), output.Split('\n')[0].TrimEnd());
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{In("no-silo")} could not be started: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_begins_with_a_byte_order_mark_takes_other_rounds()
    {
        Hold("asked");
        var plan = Path.Combine(Project(), "marked.json");
        await File.WriteAllBytesAsync(
            plan,
            [0xef, 0xbb, 0xbf, .. await File.ReadAllBytesAsync(RepositoryFiles.At("samples", "plans", "fed-heart-disease.json"), Token)],
            Token);

        var (_, _, error) = await FedAsync(
            ["demo", "--project", In("project"), "--silo", In("no-silo"), "--node", In("no-node"), "--folder", In("federation"),
                "--data", In("asked"), "--plan", plan, "--rounds", "2"]);

        Assert.StartsWith($"{In("no-silo")} could not be started: ", error, StringComparison.Ordinal);
        Assert.Contains("\"rounds\": 2", await File.ReadAllTextAsync(In("federation", "plan.json"), Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--model")]
    public async Task A_result_that_could_not_be_written_is_told_before_anything_starts(string option)
    {
        var (exitCode, output, error) = await FedAsync(
            ["demo", "--project", Project(), "--silo", In("no-silo"), "--node", In("no-node"), option, In("nowhere", "result.json")]);

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, output));
        Assert.Equal($"The result can't be written to {In("nowhere", "result.json")}: name a file in a folder that is there.", error);
    }

    [Fact]
    public async Task A_script_gets_the_folder_alone_and_downloads_once()
    {
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal((0, Scratch, ""), await FedAsync(["demo-data", Scratch, "--project", In("project")]));
        }

        Assert.Equal(4, _archive.Requests);
    }

    [Fact]
    public async Task A_script_gets_no_made_up_records()
    {
        _archive.Absent = "processed.cleveland.data";

        Assert.Equal(
            (1, "", "The heart disease files are nowhere: the UCI archive could not be reached."),
            await FedAsync(["demo-data", Scratch, "--project", In("project")]));
        Assert.False(Directory.Exists(Scratch));
    }

    private async Task AssertFoundAsync(string folder, string? asked = null)
    {
        var data = await FindAsync(asked);
        Assert.Equal(
            (folder, $"the files in {folder}, which are not those of the UCI archive", false, false),
            (data.Folder, data.Origin, data.IsSynthetic, data.IsPublished));
        Assert.Equal(0, _archive.Requests);
    }

    private async Task AssertMadeUpAsync(string why)
    {
        var data = await FindAsync();
        Assert.Equal((Scratch, $"a synthetic cohort (made up, seeded; {why})", true), (data.Folder, data.Origin, data.IsSynthetic));
        Assert.All(_archive.Published.Files, file => Assert.NotEqual(0, new FileInfo(Path.Combine(Scratch, file)).Length));
    }

    private Task<DemoData> FindAsync(string? asked = null) =>
        DemoData.FindAsync(asked, Context(TextWriter.Null, TextWriter.Null), In("project"), Scratch, Token);

    private async Task<(int ExitCode, string Output, string Error)> FedAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = Context(output, error);
        var exitCode = await FedCommand.RunAsync(FedCommand.Create(context), arguments, context, Token);
        return (exitCode, output.ToString().Trim(), error.ToString().Trim());
    }

    private CliContext Context(TextWriter output, TextWriter error) => new()
    {
        Out = output,
        Error = error,
        Environment = name => name == "FEDERATED_DATA" ? _environment : null,
        Archive = _archive.Published,
    };

    // The sample plan beside nothing else: a folder shared/data beside the real project must not be found.
    private string Project()
    {
        var plans = Directory.CreateDirectory(In("project", "samples", "plans")).FullName;
        File.Copy(RepositoryFiles.At("samples", "plans", "fed-heart-disease.json"), Path.Combine(plans, "fed-heart-disease.json"));
        return In("project");
    }

    private void Hold(params string[] folders)
    {
        foreach (var folder in folders)
        {
            SyntheticCohort.Write(In(folder));
        }
    }

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([_folder.FullName, .. parts]);
}

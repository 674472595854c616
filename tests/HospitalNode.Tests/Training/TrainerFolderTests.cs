namespace FederatedOrleans.Training;

/// <summary>Folders of trainers that cannot be used say why, and the node does not start without what it was told to have.</summary>
public sealed class TrainerFolderTests : IDisposable
{
    private const string List = """{"runtimeTarget": {"name": ".NETCoreApp,Version=v10.0"}, "targets": {".NETCoreApp,Version=v10.0": {}}, "libraries": {}}""";

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        Assert.Equal("The folder of trainers /nowhere/torch does not exist.", Fault("/nowhere/torch"));

    [Fact]
    public void A_folder_without_the_list_of_a_build_is_told() =>
        Assert.Contains("holds no trainers: it must have one file *.deps.json", Fault(_files.Folder), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"runtimeTarget": {"name": null}, "targets": {}, "libraries": {}}""")]
    public void A_list_that_is_none_is_told(string list)
    {
        var path = _files.Write("some.deps.json", list);
        Assert.Equal($"{path} is no list of dependencies as the build of a trainer leaves it.", Fault(_files.Folder));
    }

    [Fact]
    public void What_is_no_program_is_told()
    {
        _files.Write("some.deps.json", List);
        _files.Write("some.dll", "no program");
        Assert.StartsWith($"The trainers in {_files.Folder} cannot be loaded:", Fault(_files.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_without_trainers_is_told()
    {
        _files.Write("CsCheck.deps.json", List);
        File.Copy(typeof(CsCheck.Gen).Assembly.Location, Path.Combine(_files.Folder, "CsCheck.dll"));
        Assert.EndsWith("holds no trainer for this version of the node.", Fault(_files.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_families_of_one_kind_are_refused() => Assert.Throws<ArgumentException>(() => new Trainers(new LinearFamily()));

    private static string Fault(string folder)
    {
        var faults = new List<string>();
        Assert.Empty(TrainerFolder.Load(folder, faults));
        return Assert.Single(faults);
    }
}

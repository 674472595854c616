using FederatedOrleans.Cli.Demo;

namespace FederatedOrleans;

/// <summary>Where the tests look for the real records.</summary>
public sealed class HeartDiseaseFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-files-");

    private string Root => In("project");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_named_folder_comes_first_itself_or_its_subfolder()
    {
        SyntheticCohort.Write(In("shared", "data", "heart-disease"));
        SyntheticCohort.Write(In("named"));
        SyntheticCohort.Write(In("above", "heart-disease"));

        Assert.Equal(In("named"), HeartDiseaseFiles.Find(Root, In("named")));
        Assert.Equal(In("above", "heart-disease"), HeartDiseaseFiles.Find(Root, In("above")));
    }

    [Fact]
    public void A_named_folder_without_all_four_files_is_passed_over()
    {
        SyntheticCohort.Write(In("shared", "data", "heart-disease"));
        SyntheticCohort.Write(In("named"));
        File.Delete(In("named", "processed.va.data"));

        Assert.Equal(In("shared", "data", "heart-disease"), HeartDiseaseFiles.Find(Root, In("named")));
        Assert.Equal(In("shared", "data", "heart-disease"), HeartDiseaseFiles.Find(Root, ""));
    }

    [Fact]
    public void There_may_be_none() => Assert.Null(HeartDiseaseFiles.Find(Root, null));

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([_folder.FullName, .. parts]);
}

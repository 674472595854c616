using FederatedOrleans.Identity;

namespace FederatedOrleans.Data;

public sealed class SampleDatasetTests
{
    [Fact]
    public async Task Sample_description_has_the_schema_of_the_sample_plan()
    {
        var options = await DatasetOptionsReader.ReadFileAsync(
            TestFiles.At("samples", "datasets", "heart-disease.json"), "va", "/srv/data", TestContext.Current.CancellationToken);

        Assert.Equal(HeartDisease.Plan.Dataset.Schema.Digest, options.Schema.Digest);
        Assert.NotEqual(ContentDigest.None, options.Schema.Digest);
        Assert.Equal(HeartDisease.Plan.Dataset.Name, options.Name);
        Assert.Equal("/srv/data/processed.va.data", Assert.Single(options.Store.Files));
        Assert.Equal("/centres/va", options.Split.Hospital);
        Assert.Equal(TestFiles.At("samples", "datasets", "heart-disease-split.json"), options.Split.File);
    }

    [Fact]
    public void Sample_row_lists_are_those_of_the_task() => Assert.Equal(
        File.ReadAllText(TestFiles.At("tests", "data", "heart-disease", "split.json")),
        File.ReadAllText(TestFiles.At("samples", "datasets", "heart-disease-split.json")));
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;

namespace FederatedOrleans.Cli.Tests;

public sealed class ModelExportTests
{
    [Fact]
    public void Another_run_at_another_time_gives_the_same_bytes()
    {
        var one = ModelExport.ToJson(Sample.Plan, Sample.Model());
        var other = ModelExport.ToJson(Sample.Plan, Sample.Model("run-two", 3, DateTimeOffset.UnixEpoch));
        Assert.Equal(one, other);
        Assert.DoesNotContain("run-one", Encoding.UTF8.GetString(one), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_tells_everything_and_parameters_read_back_bit_for_bit()
    {
        using var file = JsonDocument.Parse(ModelExport.ToJson(Sample.Plan, Sample.Model()));
        var root = file.RootElement;
        Assert.Equal(ModelExport.Format, root.GetProperty("format").GetString());
        Assert.Equal(1, root.GetProperty("formatVersion").GetInt32());
        Assert.Equal(2, root.GetProperty("version").GetInt32());
        Assert.Equal(ContentDigest.Of(Sample.PlanBytes).Hex, root.GetProperty("planDigest").GetString());
        Assert.Equal(ContentDigest.Of(Sample.Payload).Hex, root.GetProperty("modelDigest").GetString());
        Assert.Equal(["age", "sex=m"], root.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()));
        Assert.Equal("local", root.GetProperty("preprocessing").GetProperty("standardization").GetString());
        Assert.StartsWith(
            "every input, those that are 0 or 1 too: (x - mean) / (sd + 1e-9)",
            root.GetProperty("preprocessing").GetProperty("standardizationMeans").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(["weights", "bias"], root.GetProperty("tensors").EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString()));
        Assert.Equal(
            Sample.Parameters,
            root.GetProperty("tensors").EnumerateArray().SelectMany(tensor => tensor.GetProperty("values").EnumerateArray()).Select(value => value.GetSingle()));
        var round = root.GetProperty("lineage")[1];
        Assert.Equal(["round", "modelBefore", "modelAfter", "participants", "leftOut"], round.EnumerateObject().Select(member => member.Name));
        Assert.Equal(200, round.GetProperty("participants")[0].GetProperty("examples").GetInt32());
    }

    [Fact]
    public void The_preprocessing_is_in_the_file_with_every_figure_and_is_that_of_the_models_rounds()
    {
        var model = SampleStatistics.Model();
        using var file = JsonDocument.Parse(ModelExport.ToJson(SampleStatistics.Plan, model));
        var preprocessing = file.RootElement.GetProperty("preprocessing");
        Assert.Equal(["age", "age missing", "sex=m"], file.RootElement.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()));
        Assert.Equal(SampleStatistics.Sums.Digest.Hex, preprocessing.GetProperty("statisticsDigest").GetString());
        var age = preprocessing.GetProperty("features")[0];
        Assert.Equal((40.0, 0.0, 100.0, -1.0), (
            age.GetProperty("imputed").GetDouble(), age.GetProperty("from").GetDouble(), age.GetProperty("to").GetDouble(), age.GetProperty("missing")[0].GetDouble()));
        Assert.Equal(40, age.GetProperty("inputs")[0].GetProperty("mean").GetDouble());
        Assert.Equal(50 * Math.Sqrt((2 - 0.8) / 19), age.GetProperty("inputs")[0].GetProperty("scale").GetDouble(), 1e-9);
        Assert.Equal("m", preprocessing.GetProperty("features")[1].GetProperty("imputed").GetString());

        var other = View(model.Description.Statistics!);
        Assert.Throws<FederationException>(() => ModelExport.ToJson(SampleStatistics.Plan, model with { Description = model.Description with { Statistics = other } }));
        Assert.Throws<FederationException>(() => ModelExport.ToJson(SampleStatistics.Plan, model with { Description = model.Description with { Statistics = null } }));

        static byte[] View(byte[] bytes)
        {
            var changed = (byte[])bytes.Clone();
            changed[^1] ^= 1;
            return changed;
        }
    }

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        var model = Sample.Model();
        var description = model.Description;
        Assert.Throws<FederationException>(() => ModelExport.ToJson(Sample.Plan, model with { Payload = new byte[8] }));
        Assert.Throws<FederationException>(() => ModelExport.ToJson(Sample.Plan, model with { Description = description with { Lineage = [] } }));
        Assert.Throws<FederationException>(() => ModelExport.ToJson(Sample.Plan, model with
        {
            Description = description with { Lineage = [description.Lineage[0], description.Lineage[1] with { ModelBefore = description.Digest }] },
        }));
        Assert.Throws<FederationException>(() => ModelExport.ToJson(Sample.Plan, model with { Description = description with { Plan = [1] } }));
    }
}

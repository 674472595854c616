using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using FederatedOrleans.Client;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Models;

/// <summary>A committed model as a JSON file that needs nothing of this product to be used.</summary>
/// <remarks>
/// It names no run and no time: the same plan, seed, data and participation give the same bytes. Parameters are written in the shortest form
/// that reads back as the same float32.
/// </remarks>
public static class ModelExport
{
    /// <summary>The <c>format</c> of the file.</summary>
    public const string Format = "federated-orleans-model";

    /// <summary>The <c>formatVersion</c> that is written.</summary>
    public const int FormatVersion = 1;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file's bytes, UTF-8.</summary>
    /// <exception cref="FederationException">Plan, lineage and parameters do not belong together.</exception>
    public static byte[] ToJson(DownloadedModel model)
    {
        var (plan, faults) = TrainingPlanReader.Read(model.Description.Plan);
        return plan is null
            ? throw new FederationException($"The model's plan can't be read by this version: {string.Join("; ", faults)}")
            : ToJson(plan, model);
    }

    /// <summary>The bytes of the file, for a plan that has been read already.</summary>
    /// <param name="plan">The plan that the model's description holds.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="FederationException">Plan, lineage and parameters do not belong together.</exception>
    public static byte[] ToJson(TrainingPlan plan, DownloadedModel model)
    {
        if (!ModelKinds.IsEvaluated(plan.Model.Kind))
        {
            throw new FederationException("This run was a rehearsal: its model predicts nothing, and there is nothing to export.");
        }

        var description = model.Description;
        var planDigest = ContentDigest.Of(description.Plan);
        var schema = ModelSchema.For(plan);
        Check(description, planDigest, schema, model.Payload);

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("formatVersion", FormatVersion);
            json.WriteString("plan", plan.Name);
            json.WriteString("planDigest", planDigest.Hex);
            json.WriteNumber("seed", plan.Seed);
            json.WriteString("modelKind", plan.Model.Kind);
            json.WriteNumber("version", description.Version);
            json.WriteString("modelDigest", description.Digest.Hex);
            WriteInputs(json, plan, description);
            WriteTensors(json, schema, model.Payload.Span);
            WriteLineage(json, description);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Check(ModelDescription description, ContentDigest planDigest, ModelSchema schema, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length != schema.ByteLength)
        {
            throw new FederationException($"The model has {payload.Length:N0} bytes where its plan asks for {schema.ByteLength:N0}.");
        }

        var lineage = description.Lineage;
        var unbroken = lineage.Length == description.Version
            && (lineage.IsEmpty || lineage[^1].ModelAfter == description.Digest)
            && lineage.Index().All(entry => entry.Item.Round == entry.Index + 1 && entry.Item.PlanDigest == planDigest
                && (entry.Index == 0 || entry.Item.ModelBefore == lineage[entry.Index - 1].ModelAfter));
        if (!unbroken)
        {
            throw new FederationException("The model's lineage is broken: its rounds do not lead from the plan to this model without a gap.");
        }
    }

    private static void WriteInputs(Utf8JsonWriter json, TrainingPlan plan, ModelDescription description)
    {
        json.WriteStartArray("inputs");
        foreach (var input in ModelInputs.NamesOf(plan))
        {
            json.WriteStringValue(input);
        }

        json.WriteEndArray();
        if (plan.Dataset.Schema.Image is { } image)
        {
            json.WriteStartObject("image");
            json.WriteNumber("channels", image.Channels);
            json.WriteNumber("height", image.Height);
            json.WriteNumber("width", image.Width);
            json.WriteString("values", "channel after channel, each line by line from the top: (v / 255 - 0.5) / 0.5 of a byte v");
            json.WriteEndObject();
            WriteLayers(json, plan.Model.Layers);
        }

        json.WriteString("label", plan.Dataset.Schema.Label);
        if (plan.Dataset.Schema.LabelKind == LabelKind.Categorical)
        {
            json.WriteStartArray("classes");
            foreach (var level in plan.Dataset.Schema.LabelLevels)
            {
                json.WriteStringValue(level);
            }

            json.WriteEndArray();
        }

        json.WriteString("prediction", Prediction(plan));
        if (plan.Preprocessing is not null)
        {
            PreprocessingExport.Write(json, plan, description);
            return;
        }

        json.WriteStartObject("preprocessing");
        json.WriteString("standardization", plan.Training.Standardization);
        json.WriteString("standardizationMeans", plan.Training.Standardization switch
        {
            "local" => "every input, those that are 0 or 1 too: (x - mean) / (sd + 1e-9) by the mean and the deviation (divided by n - 1) of the hospital's own training rows; an input that is constant there is 0",
            _ => "inputs as they are",
        });
        json.WriteStartArray("features");
        foreach (var feature in plan.Dataset.Schema.Features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            json.WriteString("kind", feature.Kind == FeatureKind.Numeric ? "numeric" : "categorical");
            if (feature.Kind == FeatureKind.Categorical)
            {
                json.WriteString("referenceLevel", feature.Levels[0]);
                json.WriteStartArray("levels");
                foreach (var level in feature.Levels)
                {
                    json.WriteStringValue(level);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLayers(Utf8JsonWriter json, ImmutableArray<LayerPlan> layers)
    {
        json.WriteStartArray("layers");
        foreach (var layer in layers)
        {
            json.WriteStartObject();
            json.WriteString("type", layer.Type);
            foreach (var (name, value) in new[]
            {
                ("channels", layer.Channels), ("kernel", layer.Kernel), ("stride", layer.Stride), ("padding", layer.Padding), ("size", layer.Size), ("units", layer.Units),
            })
            {
                if (value > 0)
                {
                    json.WriteNumber(name, value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Prediction(TrainingPlan plan)
    {
        var answer = plan.Dataset.Schema.LabelKind switch
        {
            LabelKind.Binary => "p = 1 / (1 + exp(-z)); the label is 1 where p > 0.5",
            LabelKind.Categorical => "p_k = exp(z_k) / (exp(z_1) + exp(z_2) + ...); the label is the class with the largest p",
            _ => plan.Preprocessing?.Label is null ? "the label is z" : "the label is preprocessing.label.mean + preprocessing.label.scale z",
        };
        return plan.Model.Kind switch
        {
            ModelKinds.LogisticRegression => "p = 1 / (1 + exp(-(weights . inputs + bias))); the label is 1 where p > 0.5",
            ModelKinds.LinearRegression or ModelKinds.SoftmaxRegression => $"z = weights . inputs + bias; {answer}",
            ModelKinds.ConvolutionalNetwork => $"a = the image; the plan's layers one after the other, then z = weights . a + bias of the last; {answer}",
            ModelKinds.TreeEnsemble => "of each hospital whose header[0] is above 0: z = header[2] + the leaf of each tree that the inputs fall into, p = 1 / (1 + exp(header[1] z)); "
                + "the ensemble's p is the mean of these weighted by header[0]. A tree has as many nodes as sizes says; from node 0 on go to nodes[2] where inputs[nodes[0]] <= nodes[1], else to "
                + "nodes[3]; a negative w is leaf -1 - w. The label is 1 where p > 0.5",
            _ => $"a = inputs; for each layer but the last a = {plan.Model.Activation}(weights . a + bias); z = weights . a + bias of the last; {answer}",
        };
    }

    private static void WriteTensors(Utf8JsonWriter json, ModelSchema schema, ReadOnlySpan<byte> payload)
    {
        json.WriteStartArray("tensors");
        foreach (var tensor in schema.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", "float32");
            json.WriteStartArray("shape");
            foreach (var extent in tensor.Shape)
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
            json.WriteStartArray("values");
            for (var index = tensor.Offset; index < tensor.Offset + tensor.Length; index++)
            {
                var value = BinaryPrimitives.ReadSingleLittleEndian(payload[(index * sizeof(float))..]);
                if (!float.IsFinite(value))
                {
                    throw new FederationException($"The model's tensor '{tensor.Name}' holds a value that is not finite.");
                }

                json.WriteRawValue(value.ToString("R"));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLineage(Utf8JsonWriter json, ModelDescription description)
    {
        json.WriteStartArray("lineage");
        foreach (var round in description.Lineage)
        {
            json.WriteStartObject();
            json.WriteNumber("round", round.Round);
            json.WriteString("modelBefore", round.ModelBefore.Hex);
            json.WriteString("modelAfter", round.ModelAfter.Hex);
            json.WriteStartArray("participants");
            foreach (var participant in round.Participants.OrderBy(participant => participant.Hospital, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("hospital", participant.Hospital);
                json.WriteString("updateDigest", participant.Digest.Hex);
                json.WriteNumber("examples", participant.NumExamples);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("leftOut");
            foreach (var leftOut in round.LeftOut.OrderBy(leftOut => leftOut.Hospital, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("hospital", leftOut.Hospital);
                json.WriteString("reason", leftOut.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

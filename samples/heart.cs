#:project ../Client/FederatedOrleans.Client.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property NoWarn=$(NoWarn);MA0048

// Trains a model of heart disease over the hospitals of a federation:
//
//   FED_CONNECTION=connection.json dotnet run samples/heart.cs
using FederatedOrleans;
using FederatedOrleans.Client;
using FederatedOrleans.Connections;
using FederatedOrleans.Runs;

if (Environment.GetEnvironmentVariable(ConnectionFile.EnvironmentVariable) is not { Length: > 0 } path)
{
    return Fail(2, $"Set {ConnectionFile.EnvironmentVariable} to the connection file that the federation's operator gave you.");
}

var (connection, faults) = ConnectionFile.Load(path);
if (connection is null)
{
    return Fail(2, [.. faults]);
}

var samples = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var plan = await File.ReadAllBytesAsync(args is [var file] ? file : Path.Combine(samples, "plans", "fed-heart-disease.json"));

try
{
    await using var client = await FederationClient.ConnectAsync(connection.ToOptions());
    var submitted = await client.SubmitAsync(plan);
    if (submitted.Run is not { } run)
    {
        return Fail(1, [.. submitted.Faults.Select(fault => fault.ToString())]);
    }

    Console.WriteLine($"run {run}");
    await foreach (var occurred in client.WatchAsync(run))
    {
        switch (occurred)
        {
            case { Kind: RunEventKind.RoundCommitted }:
                Console.WriteLine($"round {occurred.Round} committed");
                break;
            case { Kind: RunEventKind.HospitalEvaluated, Metrics: { } metrics }:
                Console.WriteLine(
                    $"  {occurred.Hospital,-20} accuracy {metrics.Accuracy:0.000}  auc {metrics.Auc?.ToString("0.000") ?? "-"}  log loss {metrics.LogLoss:0.000}");
                break;
            case { Kind: RunEventKind.StatusChanged }:
                Console.WriteLine(occurred.Text);
                break;
        }
    }

    var model = await client.DownloadModelAsync(run);
    Console.WriteLine($"version {model.Description.Version}: model {model.Description.Digest.Short} of {model.Payload.Length / sizeof(float)} parameters");
    return 0;
}
catch (FederationException refused)
{
    return Fail(1, refused.Message);
}
catch (CentreUnreachableException unreachable)
{
    return Fail(3, unreachable.Message);
}

static int Fail(int exitCode, params string[] sentences)
{
    foreach (var sentence in sentences)
    {
        Console.Error.WriteLine(sentence);
    }

    return exitCode;
}

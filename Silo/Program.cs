using FederatedOrleans.Centre;
using FederatedOrleans.Storage;

if (FaultSwitch.Refusal() is { } refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return 1;
}

return await SiloCommandLine.RunAsync(args);

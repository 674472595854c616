using FederatedOrleans.Cli.Output;
using FederatedOrleans.Simulation.Commands;

return await SimulateCommand.RunAsync(args, new CliOutput(Console.Out, Console.Error, !Console.IsOutputRedirected));

using FederatedOrleans.Cli;

var context = CliContext.OfProcess();
var root = FedCommand.Create(context);

return await FedCommand.RunAsync(root, args, context);

using FederatedOrleans.Site.Commands;
using FederatedOrleans.Storage;

return FaultSwitch.Refusal() is { } refusal ? NodeOptions.Fail([refusal]) : await NodeCommandLine.RunAsync(args);

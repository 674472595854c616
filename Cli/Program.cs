using System.CommandLine;
using System.CommandLine.Invocation;
using FederatedOrleans.Cli.Provisioning;

var root = new RootCommand("The command line of FederatedOrleans.")
{
    CaCommand.Create(TimeProvider.System),
    SiloKitCommand.Create(TimeProvider.System),
};

var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync();

// 2 tells a script that the command line was wrong, 1 that the work failed.
return parsed.Action is ParseErrorAction ? 2 : exitCode;

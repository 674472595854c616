using System.CommandLine;
using System.CommandLine.Invocation;
using FederatedOrleans.HospitalNode.Enrolment;
using FederatedOrleans.Site.Commands;

var root = new RootCommand("The hospital's node: trains on local data, sends only updates.")
{
    EnrollCommand.Create(),
    InstallCommand.Create(TimeProvider.System),
    RunCommand.Create(),
    CheckCommand.Create(),
    StatusCommand.Create(),
    ApproveCommand.Create(),
};

var parsed = root.Parse(args);

// The default of 2 s would cut an orderly stop short: Orleans stores what is under way, and a training ends at its next step.
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

// 2 tells a script that the command line was wrong, 1 that the work failed.
return parsed.Action is ParseErrorAction ? ExitCodes.Usage : exitCode;

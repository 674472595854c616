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
var exitCode = await parsed.InvokeAsync();

// 2 tells a script that the command line was wrong, 1 that the work failed.
return parsed.Action is ParseErrorAction ? ExitCodes.Usage : exitCode;

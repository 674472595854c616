using System.CommandLine;
using System.CommandLine.Invocation;
using FederatedOrleans.HospitalNode.Enrolment;

var root = new RootCommand("A hospital's node of a FederatedOrleans federation.")
{
    EnrollCommand.Create(),
    InstallCommand.Create(TimeProvider.System),
};

var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync();

// 2 tells a script that the command line was wrong, 1 that the work failed.
return parsed.Action is ParseErrorAction ? 2 : exitCode;

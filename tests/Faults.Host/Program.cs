using FederatedOrleans.Centre;
using FederatedOrleans.Faults;
using FederatedOrleans.Site.Commands;

// The Silo and the node as they are, in a process that dies where it is told to:
//
//     FEDERATED_CRASH_AT=ORDERS FederatedOrleans.Faults.Host silo|node run --config FILE
//
// ORDERS is a file that need not be there yet; CrashOrder tells what stands in it. Beside FILE the process keeps its id (`pid`) and a
// journal of the steps that it reaches (`steps.log`). With FEDERATED_CLOCK=NAME its clock is off by what the file NAME beside FILE says.
if (args is not [("silo" or "node") and var program, .. var arguments])
{
    await Console.Error.WriteLineAsync("silo or node comes first, then what that program takes.");
    return 2;
}

using var watch = StepWatch.Start(arguments);
var time = MovedClock.Of(arguments);
return program == "silo" ? await SiloCommandLine.RunAsync(arguments, time) : await NodeCommandLine.RunAsync(arguments, time);

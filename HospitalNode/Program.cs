using System.CommandLine;
using FederatedOrleans.Site.Commands;

var root = new RootCommand("The hospital's node: trains on local data, sends only updates.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    StatusCommand.Create(),
    ApproveCommand.Create(),
};
var parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? await FailAsync() : await parsed.InvokeAsync();

async Task<int> FailAsync()
{
    await parsed.InvokeAsync();
    return ExitCodes.Usage;
}

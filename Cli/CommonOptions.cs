using System.CommandLine;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Cli;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON for machines." };

    public static Argument<string> Id(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<string>();
            if (!Identifier.IsValid(value))
            {
                result.AddError($"{name} '{value}' must be {Identifier.Rule}.");
            }
        });
        return argument;
    }
}

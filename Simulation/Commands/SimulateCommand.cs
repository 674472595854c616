using System.Collections.Immutable;
using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Identity;
using FederatedOrleans.Simulation.Partitions;

namespace FederatedOrleans.Simulation.Commands;

/// <summary>The command line of <c>fed-simulate</c>, which <c>fed simulate</c> starts, from its arguments to its exit code.</summary>
internal static class SimulateCommand
{
    // What is committed when it is interrupted is written still, and sites end their trainings at their next step.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(60);

    /// <summary>Simulates, and gives the exit code.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Where it writes.</param>
    /// <param name="cancellationToken">Interrupts it, as Ctrl+C does.</param>
    public static async Task<int> RunAsync(string[] arguments, CliOutput output, CancellationToken cancellationToken = default)
    {
        var root = Create(output);
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExitCodes)
        {
            foreach (var error in parsed.Errors)
            {
                output.Error(error.Message);
            }

            output.Error("See 'fed simulate --help'.");
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestStop }, cancellationToken);
    }

    private static RootCommand Create(CliOutput output)
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan." };
        var dataset = new Option<string>("--dataset") { Description = "The description of the dataset, as for a node.", HelpName = "FILE", Required = true };
        var data = new Option<string?>("--data") { Description = "What {data} stands for in it; its own folder where absent.", HelpName = "FOLDER" };
        var sites = new Option<string?>("--sites")
        {
            Description = "What {hospital} stands for in it, separated by commas; the rows of all of them are partitioned.", HelpName = "IDS",
        };
        var partition = new Option<string>("--partition")
        {
            Description = $"What decides at which hospital a row is: {PartitionChoice.Forms}. even: hospitals are alike; dirichlet: shares of each class are drawn (label skew); quantity: sizes are drawn; "
                + "column: the column's value, also of one that is no feature; sites: where it was read.",
            HelpName = "KIND",
            Required = true,
        };
        var hospitals = new Option<int?>("--hospitals")
        {
            Description = "Hospitals; for column and sites one for each value where absent, and values put together where it is smaller.", HelpName = "N",
        };
        var minimumRows = new Option<int>("--minimum-rows")
        {
            Description = "Fewest training rows of a hospital; draws that leave one with fewer are thrown away.", HelpName = "N", DefaultValueFactory = _ => SimulateOptions.DefaultMinimumRows,
        };
        var seed = new Option<long?>("--seed") { Description = "Seed of the partition; the plan's where absent.", HelpName = "N" };
        var rounds = new Option<int?>("--rounds") { Description = "Rounds instead of the plan's.", HelpName = "N" };
        var trainers = new Option<string[]>("--trainers") { Description = "Folder of a trainer that not every node has, as convolutional networks'; may be repeated.", HelpName = "FOLDER" };
        var compare = new Option<bool>("--compare")
        {
            Description = "Train each hospital's rows alone too, and all rows in one place, and measure each of these models at every hospital.",
        };
        var folder = new Option<string?>("--out") { Description = "New folder of the results; PLAN's name with -simulation where absent.", HelpName = "FOLDER" };
        Check(partition, text => PartitionChoice.TryParse(text, out _, out var fault) ? null : fault);
        Check(hospitals, count => count is null or (>= 1 and <= SimulateOptions.MostHospitals) ? null : $"--hospitals must be 1 to {SimulateOptions.MostHospitals:N0}.");
        Check(minimumRows, rows => rows >= 1 ? null : "--minimum-rows must be 1 or more.");
        Check(rounds, count => count is null or >= 1 ? null : "--rounds must be 1 or more.");
        foreach (var path in (Option<string?>[])[data, folder])
        {
            Check(path, text => text is null or { Length: > 0 } ? null : $"{path.Name} is empty.");
        }

        Check(dataset, text => text.Length > 0 ? null : "--dataset is empty.");
        Check(trainers, folders => folders.Any(text => text.Length == 0) ? "--trainers is empty." : null);
        Check(sites, text => FaultOf(SplitSites(text)));
        var root = new RootCommand("Simulate a federation in this process, with rows dealt out to made-up hospitals: the same grains, no network.")
        {
            plan, dataset, data, sites, partition, hospitals, minimumRows, seed, rounds, trainers, compare, folder,
        };
        root.Validators.Add(result =>
        {
            // A fault of its own is told already.
            if (result.GetResult(partition) is { } kind && !kind.Errors.Any() && ChoiceOf(result.GetValue(partition)) is { } choice)
            {
                if (choice.Drawn is not null && result.GetValue(hospitals) is null)
                {
                    result.AddError($"--hospitals is missing: --partition {result.GetValue(partition)} makes as many as it says.");
                }

                if (choice.Kind == PartitionKind.Sites && result.GetValue(sites) is null)
                {
                    result.AddError("--sites is missing: --partition sites makes a hospital of each.");
                }
            }
        });
        HelpWithExitCodes.Install(root);
        root.SetAction((parsed, cancellationToken) => GuardAsync(output, () => SimulatedStudy.RunAsync(
            new()
            {
                Plan = parsed.GetRequiredValue(plan),
                Dataset = parsed.GetRequiredValue(dataset),
                Data = parsed.GetValue(data),
                Sites = SplitSites(parsed.GetValue(sites)),
                Partition = ChoiceOf(parsed.GetValue(partition))!,
                Hospitals = parsed.GetValue(hospitals),
                MinimumRows = parsed.GetValue(minimumRows),
                Seed = parsed.GetValue(seed),
                Rounds = parsed.GetValue(rounds),
                Trainers = [.. parsed.GetValue(trainers) ?? []],
                Compare = parsed.GetValue(compare),
                Out = parsed.GetValue(folder),
            },
            output,
            cancellationToken)));
        return root;
    }

    private static PartitionChoice? ChoiceOf(string? text) => PartitionChoice.TryParse(text ?? "", out var choice, out _) ? choice : null;

    private static void Check<T>(Option<T> option, Func<T, string?> faultOf) => option.Validators.Add(result =>
    {
        if (result.Errors.Any() || result.Tokens.Count == 0)
        {
            return;
        }

        if (faultOf(result.GetValueOrDefault<T>()!) is { } fault)
        {
            result.AddError(fault);
        }
    });

    private static ImmutableArray<string> SplitSites(string? text) => [.. text?.Split(',', StringSplitOptions.TrimEntries) ?? []];

    private static string? FaultOf(ImmutableArray<string> sites)
    {
        if (sites.FirstOrDefault(site => !Identifier.IsValid(site)) is { } wrong)
        {
            return $"--sites: '{wrong}' is no id: {Identifier.Rule}.";
        }

        return sites.GroupBy(site => site, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } repeated ? $"--sites names {repeated.Key} more than once." : null;
    }

    private static async Task<int> GuardAsync(CliOutput output, Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (OperationCanceledException)
        {
            output.Error("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is FederationException or IOException or UnauthorizedAccessException)
        {
            output.Error(failure.Message);
            return ExitCodes.Failed;
        }
    }
}

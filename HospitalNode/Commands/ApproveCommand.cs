using System.CommandLine;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Hosting;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node approve</c>: the dataset owner's consent. Without one the node declines everything.</summary>
internal static class ApproveCommand
{
    public static Command Create()
    {
        var configuration = NodeOptions.Configuration();
        var plan = new Option<FileInfo?>("--plan") { Description = "Approve exactly this plan file." };
        var digest = new Option<string?>("--digest") { Description = "Approve exactly the plan of this SHA-256." };
        var name = new Option<string?>("--name") { Description = "Approve the class of all plans of this name." };
        var statistics = new Option<bool>("--statistics")
        {
            Description = "With --name: approve also that its plans gather statistics, counts and sums of the features, in a round of their own.",
        };
        var dataset = new Option<string?>("--dataset") { Description = "The dataset; with --plan the plan's own." };
        var trainer = new Option<string>("--trainer")
        {
            Description = "The trainer that may be used.",
            DefaultValueFactory = _ => ModelKinds.LogisticRegression,
        };
        var withdraw = new Option<string?>("--withdraw") { Description = "Withdraw the approval of this id." };
        var list = new Option<bool>("--list") { Description = "List what is approved." };
        var command = new Command("approve", "Give, list or withdraw the owner's approval of plans; nothing is approved by default.")
        {
            configuration, plan, digest, name, statistics, dataset, trainer, withdraw, list,
        };
        command.SetAction((parsed, _) => NodeOptions.GuardAsync(() =>
        {
            var folder = new ApprovalFolder(NodeConfigurationReader.ReadFile(parsed.GetRequiredValue(configuration).FullName).Approvals);
            var given = new[] { parsed.GetValue(plan) is not null, parsed.GetValue(digest) is not null, parsed.GetValue(name) is not null };
            return Task.FromResult(
                parsed.GetValue(list) ? List(folder)
                : parsed.GetValue(withdraw) is { } id ? Withdraw(folder, id)
                : given.Count(isGiven => isGiven) != 1 ? NodeOptions.Fail(["Name one of --plan, --digest and --name."])
                : parsed.GetValue(statistics) && parsed.GetValue(name) is null ? NodeOptions.Fail(["--statistics goes with --name: one plan is approved with all that it gathers."])
                : Give(
                    folder,
                    parsed.GetValue(plan)?.FullName,
                    parsed.GetValue(digest),
                    parsed.GetValue(name),
                    parsed.GetValue(statistics),
                    parsed.GetValue(dataset),
                    parsed.GetRequiredValue(trainer)));
        }));
        return command;
    }

    private static int List(ApprovalFolder folder)
    {
        foreach (var (id, approval) in folder.List())
        {
            var what = approval.PlanDigest is { } plan ? $"the plan {plan}" : $"every plan named {approval.PlanName}{(approval.Statistics ? ", statistics too," : "")}";
            Console.WriteLine($"{id}: {what} on {approval.Dataset} by {approval.Trainer}, given {approval.GivenAt:u}");
        }

        return ExitCodes.Ok;
    }

    private static int Withdraw(ApprovalFolder folder, string id) =>
        folder.Withdraw(id) ? ExitCodes.Ok : NodeOptions.Fail([$"There is no approval {id}; --list tells which there are."]);

    private static int Give(ApprovalFolder folder, string? planFile, string? digest, string? name, bool statistics, string? dataset, string trainer)
    {
        ContentDigest? bound = null;
        if (planFile is not null)
        {
            if (!File.Exists(planFile))
            {
                return NodeOptions.Fail([$"The plan {planFile} does not exist."]);
            }

            var bytes = File.ReadAllBytes(planFile);
            var (plan, faults) = TrainingPlanReader.Read(bytes);
            if (plan is null)
            {
                return NodeOptions.Fail(faults.Select(fault => fault.ToString()));
            }

            (bound, dataset, trainer) = (ContentDigest.Of(bytes), dataset ?? plan.Dataset.Name, plan.Model.Kind);
        }
        else if (digest is not null)
        {
            if (!ContentDigest.TryParse(digest, out var read))
            {
                return NodeOptions.Fail(["The digest has 64 lower-case hexadecimal digits."]);
            }

            bound = read;
        }

        if (!Identifier.IsValid(dataset) || (name is not null && !Identifier.IsValid(name)))
        {
            return NodeOptions.Fail([$"Name the dataset with --dataset; dataset and plan names are ids: {Identifier.Rule}."]);
        }

        var id = folder.Give(new Approval
        {
            Dataset = dataset!,
            Trainer = trainer,
            PlanDigest = bound,
            PlanName = name,
            Statistics = statistics,
            GivenAt = TimeProvider.System.GetUtcNow(),
        });
        Console.WriteLine($"approved: {id}");
        return ExitCodes.Ok;
    }
}

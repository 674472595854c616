using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Client;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Cli.Runs;

/// <summary><c>fed run</c>: submits, shows, watches and steers runs.</summary>
internal static class RunCommands
{
    public static Command Create(CliContext context, CentreOption centre) => new("run", "Submit, watch and steer runs.")
    {
        Submit(context, centre),
        List(context, centre),
        Show(context, centre),
        Statistics(context, centre),
        Watch(context, centre),
        Why(context, centre),
        Pause(context, centre),
        Resume(context, centre),
        Stop(context, centre),
        Release(context, centre),
        Evaluate(context, centre),
    };

    /// <summary><c>fed round</c>: steers the round that a run is in.</summary>
    public static Command CreateRound(CliContext context, CentreOption centre)
    {
        var (close, abandon, reason) = (Run(), Run(), Reason());
        return new("round", "Steer the round that a run is in; `fed run why` tells what that would do.")
        {
            Steer(context, centre, new("close", "Close the round with what is in: the minimum at least.") { close }, close, "closing its round",
                (client, id, _, cancellationToken) => client.CloseRoundAsync(id, cancellationToken)),
            Steer(context, centre, new("abandon", "Give up the attempt under way; the next one follows.") { abandon, reason }, abandon, "giving up its attempt",
                (client, id, parsed, cancellationToken) => client.AbandonRoundAsync(id, parsed.GetRequiredValue(reason), cancellationToken)),
        };
    }

    private static Argument<string> Run() => CommonOptions.Id("RUN", "The run's id.");

    private static Option<string> Reason() => new("--reason")
    {
        Description = "Why, for those who look at the run.", HelpName = "TEXT", DefaultValueFactory = _ => "asked for by its owner",
    };

    private static Command Submit(CliContext context, CentreOption centre)
    {
        var plan = new Argument<FileInfo>("PLAN") { Description = "The plan, a JSON file." };
        var watch = new Option<bool>("--watch") { Description = "Watch the run until it ends." };
        var json = CommonOptions.Json();
        return new Command("submit", "Submit a plan; every fault of it is told.") { plan, watch, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                var bytes = ReadPlan(context, parsed.GetRequiredValue(plan));
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                var result = await client.SubmitAsync(bytes, cancellationToken);
                if (result.Run is null)
                {
                    throw Faulty("The centre refused the plan:", result.Faults);
                }

                var asJson = parsed.GetValue(json);
                if (asJson)
                {
                    context.Output.JsonLine(new { run = result.Run });
                }
                else
                {
                    context.Output.Line(result.Run);
                }

                return parsed.GetValue(watch)
                    ? await new RunWatcher(context, client).WatchAsync(result.Run, asJson, cancellationToken)
                    : ExitCodes.Ok;
            });
    }

    private static Command List(CliContext context, CentreOption centre)
    {
        var count = new Option<int>("--count")
        {
            Description = "At most so many, 1 to 1000, the newest first.", HelpName = "N", DefaultValueFactory = _ => 50,
        };
        count.Validators.Add(result =>
        {
            // What is no number is told by the parser.
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value is (< 1 or > 1000))
            {
                result.AddError("--count must be 1 to 1000.");
            }
        });
        var json = CommonOptions.Json();
        return new Command("list", "List runs, the newest first.") { count, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                RunReport.List(context.Output, await client.RunsAsync(parsed.GetValue(count), cancellationToken), parsed.GetValue(json));
                return ExitCodes.Ok;
            });
    }

    private static Command Show(CliContext context, CentreOption centre)
    {
        var (run, json) = (Run(), CommonOptions.Json());
        return new Command("show", "Show a run: its round, its versions and what hospitals measured.") { run, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                var id = parsed.GetRequiredValue(run);
                var view = await client.RunAsync(id, cancellationToken) ?? throw new FederationException($"There is no run '{id}'.");
                RunReport.Show(context.Output, view, await client.VersionsAsync(id, cancellationToken), parsed.GetValue(json));
                return ExitCodes.Ok;
            });
    }

    private static Command Statistics(CliContext context, CentreOption centre)
    {
        var (run, json) = (Run(), CommonOptions.Json());
        return new Command("statistics", "Show what the statistics round of a run has brought: of all its hospitals together.") { run, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                var id = parsed.GetRequiredValue(run);
                var statistics = await client.StatisticsAsync(id, cancellationToken)
                    ?? throw new FederationException($"'{id}' has no statistics: there is no such run, its plan has no preprocessing, or the round is not committed yet.");
                StatisticsReport.Show(context.Output, statistics, parsed.GetValue(json));
                return ExitCodes.Ok;
            });
    }

    private static Command Watch(CliContext context, CentreOption centre)
    {
        var (run, json) = (Run(), CommonOptions.Json());
        return new Command("watch", "Watch a run until it ends; with --json one event a line, and the run's summary last.") { run, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                return await new RunWatcher(context, client)
                    .WatchAsync(parsed.GetRequiredValue(run), parsed.GetValue(json), cancellationToken);
            });
    }

    private static Command Why(CliContext context, CentreOption centre)
    {
        var (run, json) = (Run(), CommonOptions.Json());
        return new Command("why", "Say why a run waits, what each hospital does, and what closing its round now would do.") { run, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                var id = parsed.GetRequiredValue(run);
                var why = await client.WhyAsync(id, cancellationToken) ?? throw new FederationException($"There is no run '{id}'.");
                RunReport.Why(context.Output, why, parsed.GetValue(json));
                return ExitCodes.Ok;
            });
    }

    private static Command Pause(CliContext context, CentreOption centre)
    {
        var (run, reason) = (Run(), Reason());
        return Steer(context, centre, new("pause", "Pause a run; the attempt under way is given up.") { run, reason }, run, "paused",
            (client, id, parsed, cancellationToken) => client.PauseAsync(id, parsed.GetRequiredValue(reason), cancellationToken));
    }

    private static Command Resume(CliContext context, CentreOption centre)
    {
        var run = Run();
        return Steer(context, centre, new("resume", "Go on with a paused run.") { run }, run, "resumed",
            (client, id, _, cancellationToken) => client.ResumeAsync(id, cancellationToken));
    }

    private static Command Stop(CliContext context, CentreOption centre)
    {
        var (run, reason) = (Run(), Reason());
        return Steer(context, centre, new("stop", "End a run for good; its committed models stay.") { run, reason }, run, "stopped",
            (client, id, parsed, cancellationToken) => client.StopAsync(id, parsed.GetRequiredValue(reason), cancellationToken));
    }

    private static Command Evaluate(CliContext context, CentreOption centre)
    {
        var run = Run();
        var version = new Option<int>("--version") { Description = "The committed version, from 1.", HelpName = "N", Required = true };
        return Steer(
            context, centre, new("evaluate", "Have hospitals evaluate a version that the plan has not evaluated; `fed run show` tells what they measure.") { run, version }, run, "being evaluated",
            (client, id, parsed, cancellationToken) => client.EvaluateAsync(id, parsed.GetRequiredValue(version), cancellationToken));
    }

    private static Command Release(CliContext context, CentreOption centre)
    {
        var run = Run();
        var reason = new Option<string>("--reason") { Description = "Why, for those who look at the run.", HelpName = "TEXT", Required = true };
        return Steer(context, centre, new("release", "Complete a run whose model is held, although it does harm by its plan's rule.") { run, reason }, run, "released",
            (client, id, parsed, cancellationToken) => client.ReleaseAsync(id, parsed.GetRequiredValue(reason), cancellationToken));
    }

    private static Command Steer(
        CliContext context,
        CentreOption centre,
        Command command,
        Argument<string> run,
        string done,
        Func<FederationClient, string, ParseResult, CancellationToken, Task> steer)
    {
        var json = CommonOptions.Json();
        command.Add(json);
        return command.Does(context, async (parsed, cancellationToken) =>
        {
            await using var client = await centre.ConnectAsync(parsed, cancellationToken);
            var id = parsed.GetRequiredValue(run);
            await steer(client, id, parsed, cancellationToken);
            context.Output.Done(parsed.GetValue(json), new { Run = id, Done = done }, $"{id} {done}");
            return ExitCodes.Ok;
        });
    }

    private static byte[] ReadPlan(CliContext context, FileInfo file)
    {
        if (!file.Exists)
        {
            throw new UsageException($"There is no plan {file}.");
        }

        if (file.Length > TrainingPlanReader.MaximumBytes)
        {
            throw new FederationException($"The plan {file} is larger than {TrainingPlanReader.MaximumBytes / 1024} KiB.");
        }

        var bytes = File.ReadAllBytes(file.FullName);
        var (plan, faults) = context.ReadPlan(bytes);
        return plan is null ? throw Faulty($"The plan {file} has {faults.Length} fault{(faults.Length == 1 ? "" : "s")}:", faults) : bytes;
    }

    private static FederationException Faulty(string headline, IEnumerable<PlanFault> faults) =>
        new(string.Join('\n', faults.Select(fault => $"  {fault}").Prepend(headline)));
}

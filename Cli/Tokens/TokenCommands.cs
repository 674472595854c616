using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Cli.Runs;
using FederatedOrleans.Tokens;

namespace FederatedOrleans.Cli.Tokens;

/// <summary><c>fed token</c>: the key that signs tokens, and tokens.</summary>
internal static class TokenCommands
{
    public static Command Create(CliContext context, CentreOption centre) => new("token", "Make the signing key; issue and revoke tokens.")
    {
        Init(context),
        Issue(context, centre),
        Revoke(context, centre),
    };

    private static Command Init(CliContext context)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder for the key; made where it is missing." };
        return new Command("init", $"Make {TokenKey.PrivateFileName} and {TokenKey.PublicFileName}; never overwrites.") { folder }.Does(
            context,
            (parsed, _) =>
            {
                var path = parsed.GetRequiredValue(folder);
                TokenKey.CreateIn(path);
                context.Output.Line($"made {Path.Combine(path, TokenKey.PrivateFileName)} (keep it secret)");
                context.Output.Line($"made {Path.Combine(path, TokenKey.PublicFileName)} (the centre needs it)");
                return Task.FromResult(ExitCodes.Ok);
            });
    }

    private static Command Issue(CliContext context, CentreOption centre)
    {
        var (signing, json) = (new SigningOptions(), CommonOptions.Json());
        var days = new Option<double>("--days") { Description = "How long it is good for, at most 366.", HelpName = "N", DefaultValueFactory = _ => 30 };
        var file = new Option<string?>("--out", "-o")
        {
            Description = "Write the token to a new file that only you may read, not to the output.", HelpName = "FILE",
        };
        var command = new Command("issue", "Issue a token for a person.") { days, file, json };
        signing.AddTo(command, roleByDefault: null);
        return command.Does(context, (parsed, _) =>
        {
            var lifetime = parsed.GetValue(days);
            if (!(lifetime is > 0 and <= 366))
            {
                throw new UsageException("--days must be above 0 and at most 366.");
            }

            var issued = signing.Issue(context, centre, parsed, TokenUse.Client, TimeSpan.FromDays(lifetime));
            var path = parsed.GetValue(file);
            if (path is not null)
            {
                SecretFile.Create(path, issued.Token + "\n");
            }

            if (parsed.GetValue(json))
            {
                context.Output.Json(new { issued.TokenId, issued.ExpiresAt, Token = path is null ? issued.Token : null, File = path });
            }
            else
            {
                context.Output.Raw(path ?? issued.Token);
                context.Output.Error($"token id {issued.TokenId}, good until {RunReport.Time(issued.ExpiresAt)}; 'fed token revoke' takes the id");
            }

            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static Command Revoke(CliContext context, CentreOption centre)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "The token's id (jti).", Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string?>("--file") { Description = "A file that holds the token itself.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        return new Command("revoke", "Revoke a token; the centre refuses it within seconds.") { id, file, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                var facts = Facts(context, parsed.GetValue(id), parsed.GetValue(file));
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                await client.RevokeTokenAsync(facts.TokenId, facts.ExpiresAt, cancellationToken);
                context.Output.Done(parsed.GetValue(json), new { facts.TokenId, Done = "revoked" }, $"{facts.TokenId} revoked");
                return ExitCodes.Ok;
            });
    }

    private static TokenFacts Facts(CliContext context, string? id, string? file) => (id, file) switch
    {
        (null, null) or (not null, not null) => throw new UsageException("Name the token by its id, or by --file: one of the two."),
        (null, not null) => TokenFacts.TryRead(File.ReadAllText(file), out var facts)
            ? facts
            : throw new FederationException($"{file} holds no token."),

        // Its expiry is not known here: no token lives longer than this.
        _ => TokenFacts.IsTokenId(id)
            ? new(id, context.Time.GetUtcNow() + TokenIssuer.MaximumLifetime)
            : throw new UsageException($"'{id}' is no token's id, which has 32 lower-case hexadecimal digits."),
    };
}

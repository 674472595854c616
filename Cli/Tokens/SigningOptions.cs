using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Security;
using FederatedOrleans.Tokens;

namespace FederatedOrleans.Cli.Tokens;

/// <summary>Who signs what for whom: options of <c>fed token issue</c> and <c>fed login-link</c>.</summary>
internal sealed class SigningOptions
{
    private readonly Option<string> _key = new("--key", "-k")
    {
        Description = "Folder of the signing key.", HelpName = "FOLDER", Required = true,
    };

    private readonly Option<string?> _federation = new("--federation")
    {
        Description = "The federation's id; that of the connection where absent.", HelpName = "ID",
    };

    private readonly Option<string> _subject = new("--subject")
    {
        Description = "The person's name.", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName,
    };

    private readonly Option<FederationRole> _role = new("--role") { Description = "researcher or operator.", HelpName = "ROLE" };

    public void AddTo(Command command, FederationRole? roleByDefault)
    {
        _role.CustomParser = result =>
        {
            switch (result.Tokens is [var token] ? token.Value : "")
            {
                case "researcher":
                    return FederationRole.Researcher;
                case "operator":
                    return FederationRole.Operator;
                default:
                    result.AddError("--role must be researcher or operator.");
                    return default;
            }
        };
        _role.Required = roleByDefault is null;
        if (roleByDefault is { } role)
        {
            _role.DefaultValueFactory = _ => role;
        }

        command.Add(_key);
        command.Add(_federation);
        command.Add(_subject);
        command.Add(_role);
    }

    public IssuedToken Issue(CliContext context, CentreOption centre, ParseResult parsed, TokenUse use, TimeSpan lifetime)
    {
        var federation = parsed.GetValue(_federation) ?? centre.Find(parsed)?.Federation
            ?? throw new UsageException("Which federation? Name it with --federation ID or a connection with --connection FILE.");
        using var key = TokenKey.LoadFrom(parsed.GetRequiredValue(_key));
        return new TokenIssuer(key, federation, context.Time).Issue(new()
        {
            Subject = parsed.GetRequiredValue(_subject), Role = parsed.GetRequiredValue(_role), Use = use, Lifetime = lifetime,
        });
    }
}

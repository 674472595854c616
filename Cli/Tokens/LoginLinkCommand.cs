using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Security;
using FederatedOrleans.Tokens;

namespace FederatedOrleans.Cli.Tokens;

/// <summary><c>fed login-link</c>: an address that opens the operator pages once.</summary>
internal static class LoginLinkCommand
{
    public static Command Create(CliContext context, CentreOption centre)
    {
        var (signing, json) = (new SigningOptions(), CommonOptions.Json());
        var web = new Option<string?>("--web") { Description = "Address of the operator pages; that of the connection where absent.", HelpName = "URL" };
        var minutes = new Option<double>("--minutes")
        {
            Description = "How long it is good for, at most 1440.", HelpName = "N", DefaultValueFactory = _ => 10,
        };
        var command = new Command("login-link", "Make a link that opens the operator pages once.") { web, minutes, json };
        signing.AddTo(command, FederationRole.Operator);
        return command.Does(context, (parsed, _) =>
        {
            var lifetime = parsed.GetValue(minutes);
            if (!(lifetime is > 0.05 and <= 1440))
            {
                throw new UsageException("--minutes must be above 0.05 and at most 1440.");
            }

            var address = parsed.GetValue(web) is { } text ? Parse(text) : centre.Find(parsed)?.Web
                ?? throw new UsageException("Where are the pages? Name them with --web URL, or in the connection file as web.");
            var issued = signing.Issue(context, centre, parsed, TokenUse.Login, TimeSpan.FromMinutes(lifetime));
            var link = LoginLink.For(address, issued.Token);
            if (parsed.GetValue(json))
            {
                context.Output.Json(new { Link = link, issued.TokenId, issued.ExpiresAt });
            }
            else
            {
                context.Output.Raw(link.AbsoluteUri);
            }

            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static Uri Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var web) && web.Scheme is "http" or "https"
            ? web
            : throw new UsageException("--web must be an address such as http://127.0.0.1:8080.");
}

using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Client;
using FederatedOrleans.Connections;

namespace FederatedOrleans.Cli;

/// <summary>The option <c>--connection</c>, and the connection to the centre that it names.</summary>
internal sealed class CentreOption(CliContext context)
{
    public Option<string?> Option { get; } = new("--connection", "-c")
    {
        Description = $"Connection file (JSON); {ConnectionFile.EnvironmentVariable} names one where this is absent.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The connection file, if one is named.</summary>
    public ConnectionFile? Find(ParseResult parsed)
    {
        var path = parsed.GetValue(Option) ?? context.Environment(ConnectionFile.EnvironmentVariable);
        if (string.IsNullOrWhiteSpace(path))
        {
            return null;
        }

        var (connection, faults) = ConnectionFile.Load(path);
        return connection ?? throw new UsageException([$"The connection file {path} is of no use:", .. faults.Select(fault => "  " + fault)]);
    }

    public ConnectionFile Get(ParseResult parsed) =>
        Find(parsed) ?? throw new UsageException(
            $"Which centre? Name a connection file with --connection FILE or {ConnectionFile.EnvironmentVariable}.");

    public Task<FederationClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Get(parsed).ToOptions();
        return FederationClient.ConnectAsync(options with { ConnectTimeout = context.ConnectTimeout ?? options.ConnectTimeout }, cancellationToken);
    }
}

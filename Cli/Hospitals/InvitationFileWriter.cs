using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Cli.Hospitals;

/// <summary>Writes invitations in the link's format: the authority's certificate and where the hospital shall call.</summary>
internal sealed class InvitationFileWriter : IInvitationWriter
{
    private readonly Option<FileInfo> _authority = new("--ca-cert")
    {
        Description = "The authority's certificate, ca.pem of 'fed ca init'.",
        Required = true,
    };

    private readonly Option<string[]> _addresses = new("--address")
    {
        Description = "Where the hospital shall call, https://host:port; may be given more than once.",
        Required = true,
    };

    public IEnumerable<Option> Options => [_authority, _addresses];

    public async Task WriteAsync(
        string federation, string hospital, string path, ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var authority = await File.ReadAllTextAsync(parsed.GetRequiredValue(_authority).FullName, cancellationToken);
            Invitation.Write(path, federation, hospital, parsed.GetRequiredValue(_addresses), authority);
        }
        catch (EnrolmentException exception)
        {
            throw new UsageException(string.Join(Environment.NewLine, exception.Faults));
        }
        catch (IOException exception)
        {
            throw new UsageException($"The authority's certificate can't be read: {exception.Message}");
        }
    }
}

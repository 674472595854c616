using System.CommandLine;

namespace FederatedOrleans.Cli.Hospitals;

/// <summary>Writes the file that an invited hospital enrols with.</summary>
internal interface IInvitationWriter
{
    /// <summary>What it needs to know, as options of <c>fed hospital invite</c>.</summary>
    IEnumerable<Option> Options { get; }

    /// <summary>Writes the invitation; an existing file is never overwritten.</summary>
    /// <param name="federation">The federation's id.</param>
    /// <param name="hospital">The hospital's id.</param>
    /// <param name="path">The file.</param>
    /// <param name="parsed">Values of <see cref="Options"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task WriteAsync(string federation, string hospital, string path, ParseResult parsed, CancellationToken cancellationToken);
}

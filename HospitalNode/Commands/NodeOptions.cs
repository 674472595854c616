using System.CommandLine;
using FederatedOrleans.Data;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Site.Hosting;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Commands;

/// <summary>What the commands share.</summary>
internal static class NodeOptions
{
    /// <summary>The configuration file.</summary>
    public static Option<FileInfo> Configuration() => new("--config", "-c")
    {
        Description = "The node's configuration file.",
        Required = true,
    };

    /// <summary>Turns what users can mend into sentences on standard error, one a line.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (NodeConfigurationException exception)
        {
            return Fail(exception.Faults);
        }
        catch (DatasetException exception)
        {
            return Fail(exception.Faults);
        }
        catch (EnrolmentException exception)
        {
            return Fail(exception.Faults);
        }
        catch (Exception exception) when (exception is DataFolderException or IOException or UnauthorizedAccessException)
        {
            // Of files: what can't be read or written, and where.
            return Fail([exception.Message]);
        }
    }

    /// <summary>Prints sentences and gives the exit code.</summary>
    public static int Fail(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            Console.Error.WriteLine(sentence);
        }

        return ExitCodes.Failed;
    }
}

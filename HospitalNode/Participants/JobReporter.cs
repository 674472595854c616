using FederatedOrleans.Site.Link;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

/// <summary>Tells the centre, for as long as a training's job lasts, that it moves: while it downloads, trains and uploads.</summary>
/// <remarks>A job at which nothing moved since the last report is not reported: only what moves earns more time. That it pauses is reported once.</remarks>
internal sealed partial class JobReporter(SiteContext context, IHospitalLink link, TimeProvider time, ILogger logger)
{
    /// <summary>Does a job while its progress is reported.</summary>
    public async Task<T> ReportingAsync<T>(AttemptId id, JobProgress progress, Func<Task<T>> job, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reports = ReportAsync(id, progress, ended.Token);
        try
        {
            return await job();
        }
        finally
        {
            await ended.CancelAsync();
            await reports;
        }
    }

    private async Task ReportAsync(AttemptId id, JobProgress progress, CancellationToken cancellationToken)
    {
        var reported = 0L;
        try
        {
            while (true)
            {
                await Task.Delay(context.ProgressInterval, time, cancellationToken);
                var moves = progress.Moves;
                if (moves == reported)
                {
                    continue;
                }

                reported = moves;
                try
                {
                    await link.ReportProgressAsync(id, progress.Latest, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
                {
                    // A report lost is a report late: the job goes on without the centre.
                    LogReportLost(logger, context.Hospital, LinkFault.Describe(exception));
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The job has ended.
        }
    }

    [LoggerMessage(2106, LogLevel.Debug, "{Hospital}: a report of progress was lost: {Fault}")]
    private static partial void LogReportLost(ILogger logger, string hospital, string fault);
}

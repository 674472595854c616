using System.Globalization;
using FederatedOrleans.Encodings;
using FederatedOrleans.Identity;
using FederatedOrleans.Link;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Hospitals;

/// <summary>HEAD and PUT of an update: how many bytes are held, and appending from there.</summary>
internal static class UpdateEndpoint
{
    private const int SecondsToComeBack = 1;

    public static async Task<IResult> HeadAsync(
        string run, int round, int attempt, long epoch, HttpContext context, UpdateIntake intake, HospitalPaces paces)
    {
        if (AddressOf(run, round, attempt, epoch, context) is not { } address)
        {
            return Results.BadRequest();
        }

        if (paces.MaxBytesPerSecond is { } most)
        {
            context.Response.Headers[LinkRoutes.RateHeader] = most.ToString(CultureInfo.InvariantCulture);
        }

        return Answer(await intake.HeldAsync(address, context.RequestAborted), context);
    }

    public static async Task<IResult> PutAsync(
        string run, int round, int attempt, long epoch, HttpContext context, UpdateIntake intake, HospitalPaces paces)
    {
        if (AddressOf(run, round, attempt, epoch, context) is not { } address
            || NumberIn(context, LinkRoutes.NumExamplesHeader) is not { } numExamples
            || NumberIn(context, LinkRoutes.OffsetHeader) is not { } offset)
        {
            return Results.BadRequest();
        }

        var body = paces.Upload(address.Hospital, context.Request.Body);
        var isPaced = paces.MaxBytesPerSecond is not null;
        return Answer(await intake.AppendAsync(address, numExamples, offset, body, isPaced, context.RequestAborted), context);
    }

    private static UpdateAddress? AddressOf(string run, int round, int attempt, long epoch, HttpContext context) =>
        Identifier.IsValid(run) && round >= 0 && attempt > 0 && epoch > 0
        && ContentDigest.TryParse(context.Request.Headers[LinkRoutes.DigestHeader], out var digest)
        && UpdateFormat.Parse(context.Request.Headers[LinkRoutes.EncodingHeader]) is { } format
        && NumberIn(context, LinkRoutes.LengthHeader) is var length
        && (length is not null || !context.Request.Headers.ContainsKey(LinkRoutes.LengthHeader))
            ? new UpdateAddress
            {
                Hospital = HospitalIdentity.Of(context).Hospital,
                Run = run,
                Round = round,
                Attempt = attempt,
                Epoch = epoch,
                Digest = digest,
                Length = length,
                Encoding = format.Tag,
            }
            : null;

    private static long? NumberIn(HttpContext context, string header) =>
        long.TryParse(context.Request.Headers[header], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IResult Answer(IntakeResult result, HttpContext context)
    {
        context.Response.Headers[LinkRoutes.HeldHeader] = result.Held.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[LinkRoutes.EpochHeader] = result.Epoch.ToString(CultureInfo.InvariantCulture);
        switch (result.Verdict)
        {
            case IntakeVerdict.Counted:
                return Results.StatusCode(StatusCodes.Status200OK);
            case IntakeVerdict.Partial:
                return Results.StatusCode(StatusCodes.Status202Accepted);
            case IntakeVerdict.Stale:
                return Results.StatusCode(StatusCodes.Status409Conflict);
            case IntakeVerdict.Busy:
                context.Response.Headers.RetryAfter = SecondsToComeBack.ToString(CultureInfo.InvariantCulture);
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            default:
                return Results.Text(result.Reason, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }
}

using System.Globalization;
using System.Net;
using FederatedOrleans.Link;

namespace FederatedOrleans.Hospitals;

/// <summary>What the link answered to an upload.</summary>
internal sealed record LinkAnswer(HttpStatusCode Status, long Held, long Epoch, TimeSpan? RetryAfter, string Text)
{
    public static async Task<LinkAnswer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        Number(response, LinkRoutes.HeldHeader),
        Number(response, LinkRoutes.EpochHeader),
        response.Headers.RetryAfter?.Delta,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    private static long Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? long.Parse(values.Single(), CultureInfo.InvariantCulture) : -1;
}

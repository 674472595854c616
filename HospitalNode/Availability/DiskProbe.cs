using System.Globalization;

namespace FederatedOrleans.Site.Availability;

/// <summary>Free space of the disk that holds the site's folder.</summary>
internal sealed class DiskProbe(long minimum, string folder) : ILimitProbe
{
    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return new(free < minimum
                ? string.Create(CultureInfo.InvariantCulture, $"{free:N0} bytes of the site folder's disk are free, fewer than {minimum:N0}")
                : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new($"the free space of the site folder's disk can't be measured: {exception.Message}");
        }
    }
}

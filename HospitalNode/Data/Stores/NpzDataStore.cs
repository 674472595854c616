using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>Images and labels of a NumPy archive, array after array, image by image.</summary>
internal sealed class NpzDataStore(NpzOptions options, ImageShape shape) : IDataStore
{
    /// <inheritdoc/>
    public string Stamp() => DataFiles.StampOf(options.Files);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ImmutableArray<string>>([NpzOptions.LabelColumn]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRow> ReadRowsAsync(
        ImmutableArray<int> columns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        DataFiles.Require(options.Files);
        foreach (var arrays in options.Arrays)
        {
            // The two arrays are read side by side, each from a stream of its own.
            await using var imageArchive = Open();
            await using var labelArchive = Open();
            await using var images = Entry(imageArchive, arrays.Images);
            await using var labels = Entry(labelArchive, arrays.Labels);
            var imageHeader = await NpyHeader.ReadAsync(images, arrays.Images, cancellationToken);
            var labelHeader = await NpyHeader.ReadAsync(labels, arrays.Labels, cancellationToken);
            Check(arrays, imageHeader, labelHeader);
            var row = new ImageRow(arrays.Images, new byte[shape.Length], shape.Channels);
            var label = new byte[1];
            for (var image = 0L; image < imageHeader.Shape[0]; image++)
            {
                await FillAsync(images, row.Pixels, arrays.Images, cancellationToken);
                await FillAsync(labels, label, arrays.Labels, cancellationToken);
                row.Take(image, label[0]);
                yield return row;
            }
        }
    }

    private static async ValueTask FillAsync(Stream stream, byte[] room, string name, CancellationToken cancellationToken)
    {
        try
        {
            await stream.ReadExactlyAsync(room, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new DatasetException($"The array {name} ends before its last element, or is damaged.");
        }
    }

    private ZipArchive Open()
    {
        try
        {
            return ZipFile.OpenRead(options.Files[0]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DatasetException($"The data file {options.Files[0]} cannot be opened, or is no NumPy archive.");
        }
    }

    private Stream Entry(ZipArchive archive, string name)
    {
        try
        {
            return archive.GetEntry($"{name}.npy")?.Open()
                ?? throw new DatasetException(
                    $"{Path.GetFileName(options.Files[0])} holds no array '{name}'; it holds {string.Join(", ", archive.Entries.Select(entry => Path.GetFileNameWithoutExtension(entry.Name)))}.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or NotSupportedException)
        {
            throw new DatasetException($"The array {name} of {Path.GetFileName(options.Files[0])} is damaged, or packed in a way that cannot be read.");
        }
    }

    private void Check(NpzArrays arrays, NpyHeader images, NpyHeader labels)
    {
        var faults = new List<string>();
        long[] expected = shape.Channels == 1 && images.Shape.Length == 3
            ? [shape.Height, shape.Width]
            : [shape.Height, shape.Width, shape.Channels];
        if (images.Shape.Length < 2 || !images.Shape.Skip(1).SequenceEqual(expected))
        {
            faults.Add($"array {arrays.Images}: its images are {string.Join(" x ", images.Shape.Skip(1))}, those of the dataset {string.Join(" x ", expected)} (height, width, channels).");
        }

        if (labels.Shape.Length is 0 or > 2 || (labels.Shape.Length == 2 && labels.Shape[1] != 1))
        {
            faults.Add($"array {arrays.Labels}: one label an image is needed; its shape is {string.Join(" x ", labels.Shape)}.");
        }
        else if (images.Shape.Length > 0 && images.Shape[0] != labels.Shape[0])
        {
            faults.Add($"arrays {arrays.Images} and {arrays.Labels}: there are {images.Shape[0]:N0} images and {labels.Shape[0]:N0} labels.");
        }

        if (faults.Count > 0)
        {
            throw new DatasetException([.. faults]);
        }
    }
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FederatedOrleans.Data;

/// <summary>What a NumPy array says of itself before its elements.</summary>
/// <remarks>
/// NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays". Read here because all that is needed of it is these few bytes of arrays of unsigned bytes in C
/// order, and the numerical libraries that also read it would hold a whole array in memory.
/// </remarks>
/// <param name="Shape">Extents.</param>
internal sealed partial record NpyHeader(ImmutableArray<long> Shape)
{
    private const int LongestHeader = 64 * 1024;
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <summary>Reads a header; the stream then stands at the first element.</summary>
    /// <param name="stream">The array.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetException">It is no array of unsigned bytes in C order.</exception>
    public static async Task<NpyHeader> ReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        try
        {
            var start = new byte[Magic.Length + 2];
            await stream.ReadExactlyAsync(start, cancellationToken);
            if (!start.AsSpan(0, Magic.Length).SequenceEqual(Magic) || start[Magic.Length] is 0 or > 3)
            {
                throw new DatasetException($"The array {name} is no NumPy array.");
            }

            // Two bytes of length in version 1, four later.
            var length = new byte[start[Magic.Length] == 1 ? 2 : 4];
            await stream.ReadExactlyAsync(length, cancellationToken);
            var bytes = length.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
            if (bytes > LongestHeader)
            {
                throw new DatasetException($"The array {name} has a header of {bytes:N0} bytes; it is no NumPy array.");
            }

            var header = new byte[bytes];
            await stream.ReadExactlyAsync(header, cancellationToken);
            return Parse(Encoding.UTF8.GetString(header), name);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new DatasetException($"The array {name} ends before its first element, or is damaged.");
        }
    }

    private static NpyHeader Parse(string header, string name)
    {
        var match = Form().Match(header);
        if (!match.Success || match.Groups["type"].Value is not ("|u1" or "u1") || match.Groups["order"].Value != "False")
        {
            throw new DatasetException($"The array {name} does not hold unsigned bytes in C order (dtype uint8): convert it with numpy.ascontiguousarray(array, dtype='uint8').");
        }

        var shape = ImmutableArray.CreateBuilder<long>();
        foreach (var extent in match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            shape.Add(long.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new DatasetException($"The array {name} has a header that cannot be read."));
        }

        return new(shape.ToImmutable());
    }

    [GeneratedRegex(@"'descr':\s*'(?<type>[^']*)'.*'fortran_order':\s*(?<order>True|False).*'shape':\s*\((?<shape>[0-9, ]*)\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

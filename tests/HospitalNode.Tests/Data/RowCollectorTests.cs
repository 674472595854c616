using CsCheck;

namespace FederatedOrleans.Data;

/// <summary>Rows in memory and in a scratch file.</summary>
public sealed class RowCollectorTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Rows_read_in_any_order_are_those_that_were_added() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 4000], Gen.Int[0, 1 << 20].Array[1, 60]).Sample((width, count, asked) =>
        {
            // Past the least block the file begins; with the largest width there are many blocks in it.
            using var collector = new RowCollector(width, memory: 1, _files.Folder);
            var row = new float[width];
            for (var i = 0; i < count; i++)
            {
                Fill(row, i);
                collector.Add(row);
            }

            var rows = collector.Finish();
            Assert.Equal((count, width), (rows.Count, rows.Width));
            Assert.Equal((long)count * width <= 256 * 1024, rows.IsInMemory);
            var reader = rows.Open();
            foreach (var at in asked.Select(number => number % count).SelectMany(number => Enumerable.Range(number, Math.Min(3, count - number))))
            {
                Fill(row, at);
                Assert.True(reader.Row(at).SequenceEqual(row), $"row {at} of {count} of {width}");
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => reader.Row(count).ToArray());
            Assert.Empty(Directory.EnumerateFileSystemEntries(_files.Folder));
        }, iter: 40, threads: 1);

    [Fact]
    public void Rows_stay_in_memory_as_long_as_they_may()
    {
        using var collector = new RowCollector(1000, memory: 64 << 20, _files.Folder);
        for (var i = 0; i < 2000; i++)
        {
            collector.Add(new float[1000]);
        }

        Assert.True(collector.Finish().IsInMemory);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told()
    {
        var file = _files.Write("taken", "a file where the folder should be");
        using var collector = new RowCollector(1000, memory: 1, file);
        var fault = Assert.Throws<DatasetException>(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                collector.Add(new float[1000]);
            }
        });
        Assert.Contains($"cannot be written to {file}: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(200_000)]
    public void Labels_are_those_that_were_added(int count)
    {
        var labels = new LabelCollector();
        for (var i = 0; i < count; i++)
        {
            labels.Add(i);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => (float)i), labels.Finish());
    }

    private static void Fill(Span<float> row, int number)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (number * 31) + i;
        }
    }
}

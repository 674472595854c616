using System.Diagnostics;
using FederatedOrleans.Encodings;
using FederatedOrleans.Models;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Aggregation;

/// <summary>The kernels give the same bits on a machine without vector instructions.</summary>
public sealed class PlainHardwareTests
{
    // Names the file to which a child writes its bits: a child starts no children.
    private const string BitsFile = "FO_TEST_BITS";
    private const string Intrinsics = "DOTNET_EnableHWIntrinsic";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly int[] Lengths = [1, 15, 16, 17, 8191, 8192, 8193, 100_003];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_have_the_same_bits_and_every_kernels_test_passes_without_hardware_intrinsics()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(BitsFile) is not null, "The parent compares.");
        var bits = Path.GetTempFileName();
        try
        {
            using var child = Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    .. new[] { typeof(PlainHardwareTests), typeof(WeightedMeanTests), typeof(FedAvgTests), typeof(ServerOptimizersTests), typeof(ParameterVectorTests), typeof(UpdateEncodingTests) }
                        .SelectMany(type => new[] { "--filter-class", type.FullName! }),
                    "--progress", "off", "--no-ansi",
                ])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { [BitsFile] = bits, [Intrinsics] = "0" },
            })!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            patience.CancelAfter(Patience);
            try
            {
                var said = await Task.WhenAll(
                    child.StandardOutput.ReadToEndAsync(patience.Token), child.StandardError.ReadToEndAsync(patience.Token));
                await child.WaitForExitAsync(patience.Token);
                Assert.True(child.ExitCode == 0, string.Concat(said));
            }
            finally
            {
                child.Kill(entireProcessTree: true);
            }

            string[] expected = ["Vector hardware: False", .. Bits()];
            Assert.Equal(expected, await File.ReadAllLinesAsync(bits, Token));
        }
        finally
        {
            File.Delete(bits);
        }
    }

    [Fact]
    public async Task Bits_are_written_down_for_a_parent()
    {
        var bits = Bits();
        Assert.Equal(Lengths.Length, bits.Distinct(StringComparer.Ordinal).Count());
        if (Environment.GetEnvironmentVariable(BitsFile) is { } file)
        {
            await File.WriteAllLinesAsync(
                file, [$"Vector hardware: {System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated}", .. bits], Token);
        }
    }

    /// <summary>Digests of models after some rounds: the mean of updates of very different sizes, and server steps that are no powers of two.</summary>
    private static string[] Bits() =>
    [
        .. Lengths.Select(length =>
        {
            var random = SeededRandom.For("plain-hardware", length);
            ParameterVector Vector(double scale) =>
                new([.. Enumerable.Range(0, length).Select(_ => (float)(((random.NextDouble() * 2) - 1) * scale))]);
            var updates = Enumerable.Range(0, 9)
                .Select(index => ($"hospital-{index}", Vector(Math.Pow(10, index - 4)), 1L + random.NextInt32(5_000))).ToArray();
            var adam = new FedOpt(new AdamMoment(0.99), 0.07, 0.9, 1e-3);
            var (model, moments) = adam.Step(new FedAvg(0.7).Step(Vector(1), new WeightedMean().Aggregate(updates)).Model, Vector(0.1));
            return adam.Step(model, Vector(0.1), moments).Model.Digest.Hex;
        }),
    ];
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FederatedOrleans;

/// <summary>The one change that the build makes to its copy of libLibTorchSharp.so, found by another reading of the file.</summary>
public sealed class VersionNeedTests
{
    private const ushort Weak = 2;

    private static readonly string Library = Path.Combine(TorchFolder.Path, "libLibTorchSharp.so");

    [Fact]
    public async Task The_need_of_GLIBCXX_3_4_32_is_weak_and_nothing_else_differs_from_the_package()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library is Linux's.");
        var bytes = await File.ReadAllBytesAsync(Library, TestContext.Current.CancellationToken);
        var needs = Needs(bytes).ToArray();
        Assert.Contains(needs, need => need is { Name: "GLIBCXX_3.4.32", Flags: Weak });
        Assert.All(needs.Where(need => need.Name != "GLIBCXX_3.4.32"), need => Assert.Equal(0, need.Flags));

        // With the flag taken back it is the file that was in the package.
        var at = Assert.Single(needs, need => need.Name == "GLIBCXX_3.4.32").At;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), 0);
        var told = await File.ReadAllTextAsync($"{Library}.original.sha256", TestContext.Current.CancellationToken);
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(bytes)), told, StringComparison.Ordinal);
    }

    /// <summary>Every version that the dynamic section (DT_VERNEED) says is needed, with its flags and where they stand.</summary>
    private static IEnumerable<(string Name, ushort Flags, int At)> Needs(byte[] elf)
    {
        const ulong Load = 1, Dynamic = 2, Strings = 5, Version = 0x6ffffffe, VersionCount = 0x6fffffff;
        ulong Word(int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(at));
        uint Half(int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(at));
        ushort Quarter(int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at));

        // Through program headers, where the build's step goes by section headers.
        var headers = Enumerable.Range(0, Quarter(0x38)).Select(index => (int)Word(0x20) + (index * Quarter(0x36))).ToArray();
        int At(ulong address)
        {
            var segment = headers.Single(header => Half(header) == Load && address >= Word(header + 0x10) && address < Word(header + 0x10) + Word(header + 0x20));
            return (int)(address - Word(segment + 0x10) + Word(segment + 8));
        }

        var dynamic = headers.Single(header => Half(header) == Dynamic);
        var entries = Enumerable.Range(0, (int)Word(dynamic + 0x20) / 16).Select(index => (int)Word(dynamic + 8) + (index * 16))
            .TakeWhile(entry => Word(entry) != 0)
            .DistinctBy(Word)
            .ToDictionary(Word, entry => Word(entry + 8));
        var strings = At(entries[Strings]);
        var need = At(entries[Version]);
        for (var left = entries[VersionCount]; left > 0; left--)
        {
            var version = need + (int)Half(need + 8);
            for (var versions = Quarter(need + 2); versions > 0; versions--)
            {
                var start = strings + (int)Half(version + 8);
                yield return (Encoding.ASCII.GetString(elf, start, Array.IndexOf(elf, (byte)0, start) - start), Quarter(version + 4), version + 4);
                version += (int)Half(version + 12);
            }

            need += (int)Half(need + 12);
        }
    }
}

using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks a version that a shared library needs of another as weak (VER_FLG_WEAK): the loader then goes on where it is missing. The loader
/// resolves symbols all the same, so this is for a version of which no symbol is used. The file is replaced, never written into.
/// </summary>
/// <remarks>System V ABI and Linux Standard Base, "Symbol Versioning": sections of type SHT_GNU_verneed in an ELF64 file, little-endian.</remarks>
public sealed class WeakenVersionNeed : Task
{
    private const uint VersionNeeds = 0x6FFFFFFE;
    private const ushort Weak = 2;

    /// <summary>The library to change.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The library that it needs.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>The version of it.</summary>
    [Required]
    public string Version { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (!System.IO.File.Exists(File))
        {
            Log.LogError("{0} is not there: it should be beside the output.", File);
            return false;
        }

        var bytes = System.IO.File.ReadAllBytes(File);
        var place = FlagsOf(bytes);
        if (place < 0)
        {
            Log.LogError("{0} does not need {1} of {2} exactly once: its version changed, and this step has to be looked at again.", File, Version, Library);
            return false;
        }

        var flags = BitConverter.ToUInt16(bytes, place);
        if ((flags & Weak) != 0)
        {
            return true;
        }

        using (var sha = SHA256.Create())
        {
            var digest = BitConverter.ToString(sha.ComputeHash(bytes)).Replace("-", "").ToLowerInvariant();
            System.IO.File.WriteAllText(File + ".original.sha256", digest + "  " + Path.GetFileName(File) + "\n");
        }

        // The same time and size as the original, so that the next build does not take it for another file and copy the original again.
        var written = System.IO.File.GetLastWriteTimeUtc(File);
        bytes[place] |= (byte)Weak;
        var temporary = File + ".new";
        System.IO.File.WriteAllBytes(temporary, bytes);
        System.IO.File.SetLastWriteTimeUtc(temporary, written);
        System.IO.File.Delete(File);
        System.IO.File.Move(temporary, File);
        Log.LogMessage(MessageImportance.Normal, "{0}: {1} of {2} is weak now.", File, Version, Library);
        return true;
    }

    /// <summary>Where the flags of the one need of this version stand; -1 where there is none, or more than one.</summary>
    private int FlagsOf(byte[] elf)
    {
        var sections = (int)BitConverter.ToUInt64(elf, 0x28);
        var size = BitConverter.ToUInt16(elf, 0x3A);
        var count = BitConverter.ToUInt16(elf, 0x3C);
        var found = -1;
        for (var section = sections; section < sections + (count * size); section += size)
        {
            if (BitConverter.ToUInt32(elf, section + 4) != VersionNeeds)
            {
                continue;
            }

            var strings = (int)BitConverter.ToUInt64(elf, sections + ((int)BitConverter.ToUInt32(elf, section + 0x28) * size) + 0x18);
            var need = (int)BitConverter.ToUInt64(elf, section + 0x18);
            for (var left = BitConverter.ToUInt32(elf, section + 0x2C); left > 0; left--)
            {
                var isLibrary = Text(elf, strings + (int)BitConverter.ToUInt32(elf, need + 4)) == Library;
                var version = need + (int)BitConverter.ToUInt32(elf, need + 8);
                for (var versions = BitConverter.ToUInt16(elf, need + 2); versions > 0; versions--)
                {
                    if (isLibrary && Text(elf, strings + (int)BitConverter.ToUInt32(elf, version + 8)) == Version)
                    {
                        if (found >= 0)
                        {
                            return -1;
                        }

                        found = version + 4;
                    }

                    version += (int)BitConverter.ToUInt32(elf, version + 12);
                }

                need += (int)BitConverter.ToUInt32(elf, need + 12);
            }
        }

        return found;
    }

    private static string Text(byte[] elf, int start)
    {
        var end = start;
        while (elf[end] != 0)
        {
            end++;
        }

        return Encoding.ASCII.GetString(elf, start, end - start);
    }
}

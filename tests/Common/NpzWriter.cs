using System.IO.Compression;
using System.Text;

namespace FederatedOrleans;

/// <summary>Writes archives of arrays of bytes as NumPy does.</summary>
internal static class NpzWriter
{
    /// <summary>Adds an array to an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="name">Name of the array.</param>
    /// <param name="shape">Its shape, as Python writes it.</param>
    /// <param name="values">Its bytes.</param>
    /// <param name="type">What it says that its elements are.</param>
    /// <param name="order">Whether it says that they lie in Fortran's order.</param>
    public static void Add(ZipArchive archive, string name, string shape, byte[] values, string type = "|u1", string order = "False")
    {
        using var stream = archive.CreateEntry($"{name}.npy").Open();
        var header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. values]);
    }
}

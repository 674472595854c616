using System.Security.Cryptography;

namespace FederatedOrleans.Faults;

/// <summary>A copy of each update that a hospital finishes, for the tests to make the models again from: what is settled is deleted.</summary>
internal static class UpdateCopies
{
    /// <summary>Copies an update out of a hospital's outbox.</summary>
    /// <param name="hospital">The hospital's folder.</param>
    /// <param name="subject">The attempt, <c>run/round/attempt</c>.</param>
    /// <param name="copies">Folder of the copies; a copy is named <c>HOSPITAL.DIGEST</c>.</param>
    public static void Keep(string hospital, string subject, string copies)
    {
        var bytes = File.ReadAllBytes(Path.Combine(hospital, "site", "outbox", $"{subject.Replace('/', '.')}.update"));
        var copy = Path.Combine(
            Directory.CreateDirectory(copies).FullName, $"{Path.GetFileName(hospital)}.{Convert.ToHexStringLower(SHA256.HashData(bytes))}");
        File.WriteAllBytes(copy + ".part", bytes);
        File.Move(copy + ".part", copy, overwrite: true);
    }
}

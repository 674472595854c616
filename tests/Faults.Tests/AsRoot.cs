using System.Diagnostics;

namespace FederatedOrleans.Faults;

/// <summary>Programs of the machine that only root may use, run to their end, also while a test is being given up.</summary>
internal static class AsRoot
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Why a test that needs programs of root's can't be run here, or null.</summary>
    public static string? Missing(params string[] programs) =>
        Environment.UserName != "root" ? "Only root may do this."
        : programs.FirstOrDefault(program => !IsThere(program)) is { } missing ? $"There is no {missing} here: install iproute2 and iptables."
        : null;

    /// <summary>Runs a program: what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Longest);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return await output;
    }

    private static bool IsThere(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}

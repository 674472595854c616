namespace FederatedOrleans.Storage;

/// <summary>What keeps a program that serves a federation from being started as one that is to crash.</summary>
public static class FaultSwitch
{
    /// <summary>The environment variable by which test builds are told where to crash.</summary>
    public const string Variable = "FEDERATED_CRASH_AT";

    /// <summary>The sentence with which a program refuses to start where the variable is set; else null.</summary>
    public static string? Refusal() => Environment.GetEnvironmentVariable(Variable) is null
        ? null
        : $"The environment variable {Variable} is set, which is for test builds that are to crash. Unset it to run this program.";
}

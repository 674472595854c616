namespace FederatedOrleans.Storage;

/// <summary>What keeps a program that serves a federation from being started as one that is to crash, or whose clock is to be moved.</summary>
public static class FaultSwitch
{
    /// <summary>The environment variable by which test builds are told where to crash.</summary>
    public const string Variable = "FEDERATED_CRASH_AT";

    /// <summary>The environment variable by which test builds are told what moves their clocks.</summary>
    public const string ClockVariable = "FEDERATED_CLOCK";

    /// <summary>The sentence with which a program refuses to start where one of the variables is set; else null.</summary>
    public static string? Refusal() =>
        Refusal(Variable, "that are to crash") ?? Refusal(ClockVariable, "whose clocks are moved");

    private static string? Refusal(string variable, string builds) => Environment.GetEnvironmentVariable(variable) is null
        ? null
        : $"The environment variable {variable} is set, which is for test builds {builds}. Unset it to run this program.";
}

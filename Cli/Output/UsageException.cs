namespace FederatedOrleans.Cli.Output;

/// <summary>What the user asked for can't be understood; every fault is told.</summary>
internal sealed class UsageException(params IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults => faults;
}

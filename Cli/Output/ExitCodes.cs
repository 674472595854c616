namespace FederatedOrleans.Cli.Output;

/// <summary>What <c>fed</c> ends with: the one place that says so.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Incomplete = 4;
    public const int Held = 5;
    public const int Interrupted = 130;

    public const string Help = """
        Exit codes:
          0    done
          1    refused or failed; the reason is on standard error
          2    wrong usage: the command line or the connection file
          3    the centre can't be reached
          4    the watched run ended without all its rounds committed
          5    the watched run's model is held back, since it would do harm
          130  interrupted
        """;
}

namespace FederatedOrleans.Cli.Demo;

/// <summary>FedAvg on Fed-Heart-Disease as FLamby publishes it (du Terrail et al., NeurIPS 2022), accuracy, mean of its five seeds.</summary>
internal static class PublishedResults
{
    /// <summary>Name of the plan that the figures are about.</summary>
    public const string PlanName = "fed-heart-disease";

    /// <summary>Unweighted mean of the four.</summary>
    public const double Mean = .6850;

    private static readonly Dictionary<string, double> Accuracy = new(StringComparer.Ordinal)
    {
        ["cleveland"] = .7308,
        ["hungarian"] = .7191,
        ["switzerland"] = .6500,
        ["va"] = .6400,
    };

    /// <summary>A hospital's figure, where there is one.</summary>
    public static double? Of(string hospital) => Accuracy.TryGetValue(hospital, out var accuracy) ? accuracy : null;
}

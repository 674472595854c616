namespace FederatedOrleans.Training;

/// <summary>p = 1 / (1 + exp(-z)), z the margin of a <see cref="LinearModel"/> or the output of a network.</summary>
internal static class LogisticRegression
{
    /// <summary>The probability at a margin, without overflow at either end.</summary>
    public static double Probability(double margin)
    {
        if (margin >= 0)
        {
            return 1 / (1 + Math.Exp(-margin));
        }

        var odds = Math.Exp(margin);
        return odds / (1 + odds);
    }

    /// <summary>-ln of the probability given to the label, in nats: ln(1 + exp(margin)) - label * margin.</summary>
    public static double Loss(double margin, double label) =>
        Math.Max(margin, 0) - (label * margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
}

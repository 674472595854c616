using System.Text.Json.Nodes;
using FederatedOrleans.Federations;

namespace FederatedOrleans.Faults;

/// <summary>Plans of three short rounds in which all four hospitals must report, so that only a run without a loss ends with the same model.</summary>
internal static class FaultPlan
{
    /// <summary>The name of rehearsals that the hospitals have approved.</summary>
    public const string Rehearsal = "fault-rehearsal";

    /// <summary>Trains for a moment.</summary>
    public static byte[] Short() => Make(steps: 20_000);

    /// <summary>Trains for about a second, so that there is time to interfere.</summary>
    public static byte[] Long() => Make(steps: 400_000);

    /// <summary>Updates of 800 kB that travel in many pieces; nothing is trained.</summary>
    public static byte[] Large() => Make(steps: 1, plan =>
    {
        plan["name"] = Rehearsal;
        plan["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = 200_000 };
    });

    /// <summary>Many rounds as in <see cref="Long"/>, for which three of the four hospitals are enough.</summary>
    public static byte[] ThreeSuffice() => Make(steps: 400_000, plan =>
    {
        plan["rounds"] = 20;
        plan["round"]!["minimumReports"] = 3;
    });

    private static byte[] Make(int steps, Action<JsonObject>? change = null) => TestPlan.Make(plan =>
    {
        plan["rounds"] = 3;
        plan["training"]!["steps"] = steps;
        plan["evaluation"]!["everyRounds"] = 100;
        var round = plan["round"]!.AsObject();
        round["minimumReports"] = 4;
        round["attempts"] = 100;
        round["leaseTime"] = "00:00:02";
        round["selectionWindow"] = "00:05:00";
        round["reportingDeadline"] = "00:05:00";
        change?.Invoke(plan);
    });
}

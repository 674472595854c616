using System.Globalization;
using System.Text;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Cli.Demo;

/// <summary>Four made-up hospitals in the format of the UCI files, each with another population. The same seed gives the same bytes.</summary>
/// <remarks>The risk is a logistic function of age, sex, chest pain and the exercise test; hospitals differ in size, age and rate of disease.</remarks>
internal static class SyntheticCohort
{
    private const long Seed = 20261;

    private static readonly (string Hospital, int Rows, double Age, double Offset)[] Hospitals =
    [
        ("cleveland", 300, 54, -0.1),
        ("hungarian", 260, 47, -0.7),
        ("switzerland", 60, 57, 2.2),
        ("va", 130, 61, 1.1),
    ];

    /// <summary>Writes the four files.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (hospital, rows, age, offset) in Hospitals)
        {
            var random = SeededRandom.For("synthetic-cohort", Seed, hospital);
            var text = new StringBuilder();
            for (var row = 0; row < rows; row++)
            {
                text.Append(Patient(random, age, offset)).Append('\n');
            }

            File.WriteAllText(Path.Combine(folder, $"processed.{hospital}.data"), text.ToString());
        }
    }

    private static string Patient(SeededRandom random, double meanAge, double offset)
    {
        var age = Math.Clamp(Math.Round(meanAge + (9 * Normal(random))), 28, 80);
        var sex = random.NextDouble() < 0.75 ? 1 : 0;
        var pain = 1 + (int)(random.NextDouble() * 4);
        var pressure = Math.Round(Math.Clamp(132 + (18 * Normal(random)), 90, 200));
        var cholesterol = Math.Round(Math.Clamp(240 + (50 * Normal(random)), 120, 500));
        var sugar = random.NextDouble() < 0.15 ? 1 : 0;
        var ecg = (int)(random.NextDouble() * 3);
        var rate = Math.Round(Math.Clamp(200 - age + (18 * Normal(random)), 70, 205));
        var angina = random.NextDouble() < 0.35 ? 1 : 0;
        var depression = Math.Round(Math.Max(0, 0.9 + (1.1 * Normal(random))), 1);
        var margin = offset + (0.04 * (age - 54)) + (0.7 * (sex - 0.75)) + (pain == 4 ? 1.3 : -0.7)
            + (0.9 * (angina - 0.35)) + (0.7 * (depression - 0.9)) - (0.02 * (rate - 140));
        var disease = random.NextDouble() < 1 / (1 + Math.Exp(-margin)) ? 1 : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{age},{sex},{pain},{pressure},{cholesterol},{sugar},{ecg},{rate},{angina},{depression},?,?,?,{disease}");
    }

    // Irwin-Hall: twelve uniforms, variance one.
    private static double Normal(SeededRandom random)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += random.NextDouble();
        }

        return sum;
    }
}

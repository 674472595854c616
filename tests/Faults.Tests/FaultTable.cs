using System.Globalization;
using FederatedOrleans.Bench;
using FederatedOrleans.Federations;

namespace FederatedOrleans.Faults;

/// <summary>The matrix of who was killed where, as docs/faults.md.</summary>
internal sealed class FaultTable
{
    private readonly List<FaultCell> _cells = [];

    /// <summary>Adds a cell that held. Where the whole matrix is tried, the page is written anew: it may take long, and what is known is kept.</summary>
    public void Add(FaultCell cell)
    {
        _cells.Add(cell);
        if (MatrixTests.IsWhole)
        {
            File.WriteAllText(TestFiles.At("docs", "faults.md"), string.Join('\n', Lines()) + "\n");
        }
    }

    private IEnumerable<string> Lines()
    {
        yield return "# Faults";
        yield return "";
        yield return "Written by `FEDERATED_FAULTS=all` and the tests in `tests/Faults.Tests`; do not edit it.";
        yield return "";
        yield return $"Machine: {MachineName.Describe()}";
        yield return "";
        yield return "A Silo and four hospitals run three rounds in which all four must report. In round 2, where one of them reaches the step that a row";
        yield return "names, processes are killed with SIGKILL; a supervisor starts them again 1 s later, or 10 s where the column says so. A cell tells the";
        yield return "seconds from the kill to the next phase that the centre has stored: the pause before the restart, the start of the program, and what the";
        yield return "protocol still had to do, on a machine with the load that it names; 0.0 s where the centre did not need who was killed. Where the three";
        yield return "rounds took more than three attempts, the cell tells how many: in the last rows the attempt is given up by hand.";
        yield return "";
        yield return $"{_cells.Count} cells of {MatrixTests.Cells.Count} were tried and held; where a cell is empty, none is tried, or it did not hold.";
        yield return "In each of them the three models were those of a run in which nobody died, bit by bit, and all of this held: each round was committed";
        yield return "once, from the model of the round before; each hospital counted once in it, none had fewer reports than the minimum; each model is on the";
        yield return "disk under its digest and is the mean of the counted updates, made again from the hospitals' copies; no assignment was trained again once";
        yield return "its update was recorded; every outbox was empty in the end; no process ended but by being killed.";
        yield return "";
        yield return $"| step | {string.Join(" | ", MatrixTests.Killed.Keys)} |";
        yield return $"| --- |{string.Concat(MatrixTests.Killed.Select(_ => " --- |"))}";
        foreach (var step in MatrixTests.Steps)
        {
            yield return $"| `{step}` | {string.Join(" | ", MatrixTests.Killed.Keys.Select(killed => TextOf(_cells.SingleOrDefault(cell => cell.Killed == killed && cell.Step == step))))} |";
        }
    }

    private static string TextOf(FaultCell? cell) => cell is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{cell.Seconds:0.0} s{(cell.Attempts > 3 ? $", {cell.Attempts} attempts" : "")}");
}

using System.Globalization;
using FederatedOrleans.Bench;
using FederatedOrleans.Federations;

[assembly: AssemblyFixture(typeof(FederatedOrleans.Faults.FaultTable))]

namespace FederatedOrleans.Faults;

/// <summary>The matrix of who was killed where, as docs/faults.md.</summary>
public sealed class FaultTable
{
    private readonly List<FaultCell> _cells = [];

    private static IEnumerable<string> Columns => MatrixTests.Killed.Keys.Concat(ClusterMatrixTests.Killed.Keys);

    /// <summary>Adds a cell that held. Where the whole matrix is tried, the page is written anew: it may take long, and what is known is kept.</summary>
    internal void Add(FaultCell cell)
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
        yield return "The last three columns are of three Silos on one PostgreSQL. Killed is the Silo that at this moment hosts the round's coordinator, or the";
        yield return "attempt's aggregator, whether or not it is the one that reached the step: journals that the processes keep of their steps tell which it";
        yield return "is. The others go on, and it is started again 1 s later. *Both* says that it hosted the two of them. The aggregator need not be open where a";
        yield return "hospital accepts. Or the database dies: its server is killed with SIGKILL and started again 5 s later, while all Silos stay up.";
        yield return "";
        yield return $"{_cells.Count} cells of {MatrixTests.Cells.Count + ClusterMatrixTests.Cells.Count} were tried and held; where a cell is empty, none is tried, or it did not hold.";
        yield return "In each of them the three models were those of a run in which nobody died, bit by bit, and all of this held: each round was committed";
        yield return "once, from the model of the round before; each hospital counted once in it, none had fewer reports than the minimum; each model is stored";
        yield return "under its digest and is the mean of the counted updates, made again from the hospitals' copies; no assignment was trained again once";
        yield return "its update was recorded; every outbox was empty in the end; no process ended but by being killed.";
        yield return "";
        yield return $"| step | {string.Join(" | ", Columns)} |";
        yield return $"| --- |{string.Concat(Columns.Select(_ => " --- |"))}";
        foreach (var step in MatrixTests.Steps)
        {
            yield return $"| `{step}` | {string.Join(" | ", Columns.Select(killed => TextOf(_cells.SingleOrDefault(cell => cell.Killed == killed && cell.Step == step))))} |";
        }
    }

    private static string TextOf(FaultCell? cell) => cell is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{cell.Seconds:0.0} s{(cell.Attempts > 3 ? $", {cell.Attempts} attempts" : "")}{(cell.Both ? ", *both*" : "")}");
}

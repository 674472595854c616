using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using FederatedOrleans.Data;
using FederatedOrleans.Identity;
using FederatedOrleans.Randomness;
using FederatedOrleans.Simulation.Commands;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Deals rows out to hospitals.</summary>
/// <remarks>
/// Where lists name test rows, a row stays in its part and each part is dealt out by the same shares: a hospital is tested on what it trains on. Where none do, each
/// hospital draws its test rows from its own, as its node would. A draw that leaves a hospital with too few rows is thrown away as a whole, so
/// that what is taken is a draw under that condition.
/// </remarks>
internal sealed class Dealer(SourceRows source, int minimumRows, long seed)
{
    /// <summary>Draws that are made at most.</summary>
    public const int MostDraws = 1_000;

    private const int Named = 5;

    /// <summary>Deals by chance.</summary>
    /// <param name="partition">By which shares.</param>
    /// <param name="count">Hospitals.</param>
    /// <param name="cancellationToken">Stops it between draws.</param>
    /// <exception cref="FederationException">No draw gives each of them enough rows.</exception>
    public Cohort Deal(IPartition partition, int count, CancellationToken cancellationToken = default)
    {
        var strata = Strata();
        for (var draw = 1; draw <= (partition.IsDrawn ? MostDraws : 1); draw++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = SeededRandom.For("partition", seed, draw.ToString(CultureInfo.InvariantCulture));
            var shares = partition.Shares(source.ClassCount, count, random);
            var counts = Apportion(strata, shares, count);
            if (!HasEnough(strata, counts, count))
            {
                continue;
            }

            var hospitalOf = Cut(strata, counts, random);
            return new([.. SplitsOf(hospitalOf, count).Zip(NumberedIds(count), (split, id) => new CohortHospital(id, source.Dataset.With(split)))], partition.IsDrawn ? draw : 0, LeftOut: 0);
        }

        throw new FederationException(partition.IsDrawn
            ? $"None of {MostDraws:N0} draws gives each of {count:N0} hospitals {minimumRows:N0} training rows and a test row: take fewer --hospitals, a larger ALPHA or a smaller --minimum-rows."
            : $"{source.Dataset.RowCount:N0} rows do not give each of {count:N0} hospitals {minimumRows:N0} training rows and a test row: take fewer --hospitals or a smaller --minimum-rows.");
    }

    /// <summary>Makes a hospital of each group, or puts groups together where fewer hospitals are asked for: the largest first, each to whoever has the fewest rows.</summary>
    /// <param name="count">Hospitals; one for each group when absent.</param>
    /// <exception cref="FederationException">There are fewer groups than that, or one has not enough rows.</exception>
    public Cohort DealGroups(int? count)
    {
        if (source.GroupNames.IsEmpty)
        {
            throw new FederationException("No row has a value in the column: there are no groups of rows.");
        }

        var groups = Enumerable.Range(0, source.GroupNames.Length).OrderBy(group => source.GroupNames[group], StringComparer.Ordinal).ToArray();
        var hospitals = count ?? groups.Length;
        if (hospitals > groups.Length)
        {
            throw new FederationException($"There are {groups.Length:N0} groups of rows for {hospitals:N0} hospitals: take fewer --hospitals, or leave the number out.");
        }

        if (hospitals > SimulateOptions.MostHospitals)
        {
            throw new FederationException($"There are {groups.Length:N0} groups of rows, and {SimulateOptions.MostHospitals:N0} hospitals at most: --hospitals N puts groups together.");
        }

        var hospitalOfGroup = hospitals == groups.Length ? InOrder(groups) : Together(groups, hospitals);
        var hospitalOf = source.Groups.Select(group => group < 0 ? -1 : hospitalOfGroup[group]).ToArray();
        var members = groups.ToLookup(group => hospitalOfGroup[group], group => source.GroupNames[group]);
        var areIds = hospitals == groups.Length && source.GroupNames.All(Identifier.IsValid);
        CohortHospital[] made =
        [
            .. SplitsOf(hospitalOf, hospitals).Select((split, index) => new CohortHospital(
                areIds ? members[index].Single() : NumberedId(index, hospitals), source.Dataset.With(split))
            {
                Group = members[index].Count() == 1 ? members[index].Single() : null,
                Groups = members[index].Count(),
            }),
        ];
        var tooSmall = made.Where(hospital => hospital.Dataset.TrainRows.Length < minimumRows || hospital.Dataset.TestRows.IsEmpty).Select(hospital => hospital.Id).ToArray();
        return tooSmall.Length == 0
            ? new([.. made], Draws: 0, hospitalOf.Count(hospital => hospital < 0))
            : throw new FederationException(
                $"{tooSmall.Length:N0} of {hospitals:N0} hospitals would have fewer than {minimumRows:N0} training rows, or no test row{(source.AreGroupsGiven ? $": {string.Join(", ", tooSmall.Take(Named))}{(tooSmall.Length > Named ? ", ..." : "")}" : "")}. "
                + "Take fewer --hospitals, which puts groups together, or a smaller --minimum-rows.");
    }

    /// <summary>The ids of hospitals that have no names of their own, in ordinal order.</summary>
    public static IEnumerable<string> NumberedIds(int count) => Enumerable.Range(0, count).Select(index => NumberedId(index, count));

    private static string NumberedId(int index, int count) =>
        "hospital-" + (index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(count.ToString(CultureInfo.InvariantCulture).Length, '0');

    private static int[] InOrder(int[] groups)
    {
        var hospitalOf = new int[groups.Length];
        foreach (var (hospital, group) in groups.Index())
        {
            hospitalOf[group] = hospital;
        }

        return hospitalOf;
    }

    private int[] Together(int[] groups, int hospitals)
    {
        var sizes = new int[groups.Length];
        foreach (var group in source.Groups)
        {
            if (group >= 0)
            {
                sizes[group]++;
            }
        }

        // A stable order: groups of one size go by their names.
        var smallest = new PriorityQueue<int, (long Rows, int Hospital)>(Enumerable.Range(0, hospitals).Select(hospital => (hospital, (0L, hospital))));
        var rows = new long[hospitals];
        var hospitalOf = new int[groups.Length];
        foreach (var group in groups.OrderByDescending(group => sizes[group]))
        {
            var hospital = smallest.Dequeue();
            hospitalOf[group] = hospital;
            smallest.Enqueue(hospital, (rows[hospital] += sizes[group], hospital));
        }

        return hospitalOf;
    }

    /// <summary>How many rows of each stratum each hospital gets.</summary>
    private static int[][] Apportion(Stratum[] strata, double[][] shares, int count)
    {
        // Where classes have the same shares, what rounding takes from a hospital in one it has in the next: else the same would always go short.
        var carried = strata.DistinctBy(stratum => (stratum.Part, shares[stratum.Class])).ToDictionary(stratum => (stratum.Part, shares[stratum.Class]), _ => new double[count]);
        return [.. strata.Select(stratum => LargestRemainders.Round(stratum.Rows.Length, shares[stratum.Class], carried[(stratum.Part, shares[stratum.Class])]))];
    }

    private static int[] Cut(Stratum[] strata, int[][] counts, SeededRandom random)
    {
        var hospitalOf = new int[strata.Max(stratum => stratum.Rows.Length == 0 ? 0 : stratum.Rows.Max() + 1)];
        Array.Fill(hospitalOf, -1);
        foreach (var (stratum, wanted) in strata.Zip(counts))
        {
            var rows = stratum.Rows.ToArray();
            random.Shuffle(rows.AsSpan());
            var next = 0;
            foreach (var (hospital, count) in wanted.Index())
            {
                foreach (var row in rows.AsSpan(next, count))
                {
                    hospitalOf[row] = hospital;
                }

                next += count;
            }
        }

        return hospitalOf;
    }

    private Stratum[] Strata() =>
    [
        .. source.Parts.SelectMany((rows, part) => rows.ToLookup(source.ClassOf) is var classes
            ? Enumerable.Range(0, source.ClassCount).Select(label => new Stratum(label, part, [.. classes[label]]))
            : []),
    ];

    private bool HasEnough(Stratum[] strata, int[][] counts, int count)
    {
        int[] train = new int[count], test = new int[count];
        int[][] parts = [train, test, new int[count]];
        foreach (var (stratum, wanted) in strata.Zip(counts))
        {
            foreach (var (hospital, rows) in wanted.Index())
            {
                if (source.IsSplitDrawn)
                {
                    var (tests, validations) = SplitDraw.SizesOf(rows, source.Split);
                    test[hospital] += tests;
                    train[hospital] += rows - tests - validations;
                }
                else
                {
                    parts[stratum.Part][hospital] += rows;
                }
            }
        }

        return Array.TrueForAll(train, rows => rows >= minimumRows) && Array.TrueForAll(test, rows => rows > 0);
    }

    private RowSplit[] SplitsOf(int[] hospitalOf, int count)
    {
        // The lists' own order is that of batches that are not shuffled.
        var parts = source.Parts.Select(rows =>
        {
            var lists = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
            foreach (var row in rows.Where(row => hospitalOf[row] >= 0))
            {
                lists[hospitalOf[row]].Add(row);
            }

            return lists;
        }).ToArray();
        return source.IsSplitDrawn
            ? [.. parts[0].Select(Draw)]
            : [.. Enumerable.Range(0, count).Select(hospital => new RowSplit([.. parts[0][hospital]], [.. parts[1][hospital]]) { Validation = [.. parts[2][hospital]] })];
    }

    private RowSplit Draw(List<int> rows)
    {
        var labels = rows.Select(source.Dataset.Label).ToArray();
        var drawn = SplitDraw.Of(labels, source.ClassCount, source.Split, source.Dataset.Name);
        ImmutableArray<int> Rows(ImmutableArray<int> places) => ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll([.. places], place => rows[place]));
        return new(Rows(drawn.Train), Rows(drawn.Test)) { Validation = Rows(drawn.Validation) };
    }

    private sealed record Stratum(int Class, int Part, int[] Rows);
}

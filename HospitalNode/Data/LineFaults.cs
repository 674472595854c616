namespace FederatedOrleans.Data;

/// <summary>One kind of fault counted over the lines of a dataset: its message names the first five lines and no value.</summary>
/// <param name="one">What one line does, as in <c>chol: 1 cell is not a number</c> after the count.</param>
/// <param name="many">The same for several.</param>
internal sealed class LineFaults(string one, string many)
{
    private const int Shown = 5;

    private readonly List<string> _places = [];
    private long _count;

    public void Add(StoreRow row)
    {
        _count++;
        if (_places.Count < Shown)
        {
            _places.Add(row.Place);
        }
    }

    /// <summary>The sentence, where there was any.</summary>
    public string? Sentence(string subject)
    {
        if (_count == 0)
        {
            return null;
        }

        var places = string.Join(", ", _places);
        return _count == 1
            ? $"{subject}: 1 {one} ({places})."
            : $"{subject}: {_count:N0} {many} ({(_count > Shown ? "the first: " : "")}{places}).";
    }
}

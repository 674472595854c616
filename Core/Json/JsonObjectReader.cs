using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Json;

/// <summary>Reads the members of one JSON object by name and type, and notes every fault instead of stopping at the first.</summary>
/// <remarks>
/// A reading method returns nothing where the member is absent or at fault; an optional member that is <c>null</c> counts as absent.
/// <see cref="Finish"/> reports the members that nobody asked for. Not safe for concurrent use.
/// </remarks>
public sealed partial class JsonObjectReader
{
    private const int LongestQuote = 60;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly ICollection<PlanFault> _faults;

    private JsonObjectReader(JsonElement element, string path, ICollection<PlanFault> faults)
    {
        (Path, _faults) = (path, faults);
        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
            {
                Fault(member.Name, "stands here twice");
            }
        }
    }

    /// <summary>JSON path of this object.</summary>
    public string Path { get; }

    /// <summary>A reader of <paramref name="element"/>, or nothing and a fault where it is no object.</summary>
    public static JsonObjectReader? Of(JsonElement element, string path, ICollection<PlanFault> faults)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return new(element, path, faults);
        }

        faults.Add(new(path, $"must be an object but is {Describe(element)}"));
        return null;
    }

    /// <summary>Notes a fault of the member <paramref name="name"/>.</summary>
    public void Fault(string name, string message) => _faults.Add(new(PathOf(name), message));

    /// <summary>JSON path of the member <paramref name="name"/>.</summary>
    public string PathOf(string name) => PlainName().IsMatch(name) ? $"{Path}.{name}" : $"{Path}['{Quote(name)}']";

    /// <summary>Whether the member is there and not <c>null</c>.</summary>
    public bool Has(string name) => _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the member is there and a number.</summary>
    public bool IsNumber(string name) => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number;

    /// <summary>Whether the member is there and an object.</summary>
    public bool IsObject(string name) => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Object;

    /// <summary>A text.</summary>
    public string? Text(string name, bool required = false)
    {
        if (Member(name, required) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : WrongType<string>(name, "a text", value);
    }

    /// <summary>An id, which is required; the empty text where there is none, which is a fault.</summary>
    public string Id(string name)
    {
        var id = Text(name, required: true);
        if (id is not null && !Identifier.IsValid(id))
        {
            Fault(name, $"'{Quote(id)}' is no id: {Identifier.Rule}");
        }

        return id ?? "";
    }

    /// <summary>One of the names in <paramref name="choices"/>.</summary>
    public string? Choice(string name, IReadOnlyList<string> choices, bool required = false)
    {
        if (Text(name, required) is not { } text)
        {
            return null;
        }

        if (choices.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        Fault(name, $"is '{Quote(text)}', which is unknown; known: {string.Join(", ", choices)}{NearestName.Hint(text, choices)}");
        return null;
    }

    /// <summary>A whole number from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    public long? Whole(string name, long minimum, long maximum, bool required = false)
    {
        if (Member(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            return WrongType<long?>(name, "a whole number", value);
        }

        if (!value.TryGetInt64(out var number))
        {
            Fault(name, $"must be a whole number {Between(minimum, maximum)} but is {Quote(value.GetRawText())}");
            return null;
        }

        if (number >= minimum && number <= maximum)
        {
            return number;
        }

        Fault(name, $"must be {Between(minimum, maximum)} but is {number:N0}");
        return null;
    }

    /// <summary>As <see cref="Whole"/>, for 32-bit numbers.</summary>
    public int? WholeInt32(string name, int minimum, int maximum, bool required = false) => (int?)Whole(name, minimum, maximum, required);

    /// <summary>A finite number above <paramref name="above"/> and at most <paramref name="maximum"/>.</summary>
    public double? NumberAbove(string name, double above, double maximum, bool required = false) =>
        Number(name, number => number > above && number <= maximum, $"above {above} and at most {maximum}", required);

    /// <summary>A finite number from <paramref name="minimum"/> to <paramref name="maximum"/>, both included.</summary>
    public double? NumberFrom(string name, double minimum, double maximum, bool required = false) =>
        Number(name, number => number >= minimum && number <= maximum, $"from {minimum} to {maximum}", required);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Flag(string name, bool required = false)
    {
        if (Member(name, required) is not { } value)
        {
            return null;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : WrongType<bool?>(name, "true or false", value);
    }

    /// <summary>A duration as <c>hh:mm:ss</c>, with days before a point where needed: <c>2.00:00:00</c>.</summary>
    public TimeSpan? Duration(string name, TimeSpan minimum, TimeSpan maximum, bool required = false)
    {
        if (Member(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return WrongType<TimeSpan?>(name, "a duration such as \"00:02:00\"", value);
        }

        var text = value.GetString()!;
        if (!DurationForm().IsMatch(text) || !TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration))
        {
            Fault(name, $"must be a duration such as \"00:02:00\" (hours:minutes:seconds) but is '{Quote(text)}'");
            return null;
        }

        if (duration >= minimum && duration <= maximum)
        {
            return duration;
        }

        Fault(name, $"must be from {minimum:c} to {maximum:c} but is {duration:c}");
        return null;
    }

    /// <summary>An object.</summary>
    public JsonObjectReader? Object(string name, bool required = false) =>
        Member(name, required) is { } value ? Of(value, PathOf(name), _faults) : null;

    /// <summary>Readers of the objects of an array; what is no object is noted and left out.</summary>
    public IEnumerable<JsonObjectReader> Objects(string name, bool required = false) =>
        (Items(name, required) ?? []).Select(item => Of(item.Value, item.Path, _faults)).OfType<JsonObjectReader>();

    /// <summary>The items of an array with their paths.</summary>
    public ImmutableArray<(JsonElement Value, string Path)>? Items(string name, bool required = false)
    {
        if (Member(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return WrongType<ImmutableArray<(JsonElement, string)>?>(name, "an array", value);
        }

        return [.. value.EnumerateArray().Select((item, index) => (item, $"{PathOf(name)}[{index}]"))];
    }

    /// <summary>An array of texts. Items of another type are faults and left out.</summary>
    public ImmutableArray<string>? Texts(string name, bool required = false)
    {
        if (Items(name, required) is not { } items)
        {
            return null;
        }

        var texts = ImmutableArray.CreateBuilder<string>(items.Length);
        foreach (var (value, path) in items)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                texts.Add(value.GetString()!);
            }
            else
            {
                _faults.Add(new(path, $"must be a text but is {Describe(value)}"));
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>Says that a member is known without reading it, where another member makes it pointless.</summary>
    public void Know(string name) => _known.Add(name);

    /// <summary>Reports a member that the policy chosen has no use for: it would be thought to act.</summary>
    /// <param name="chosen">The policy; where none could be read, nothing is reported.</param>
    /// <param name="name">The member.</param>
    /// <param name="users">Policies that it is for.</param>
    public void OnlyFor(string? chosen, string name, params ReadOnlySpan<string> users)
    {
        if (chosen is not null && Has(name) && !users.Contains(chosen))
        {
            Fault(name, $"has no meaning for {chosen}; it is for {string.Join(", ", users)}");
        }
    }

    /// <summary>Reports every member that was never asked for.</summary>
    public void Finish()
    {
        foreach (var name in _members.Keys.Where(name => !_known.Contains(name, StringComparer.Ordinal)))
        {
            Fault(name, $"is not known here{NearestName.Hint(name, _known)}");
        }
    }

    /// <summary>A text cut and cleaned for a message.</summary>
    public static string Quote(string text)
    {
        var cut = text.Length > LongestQuote ? $"{text[..LongestQuote]}..." : text;
        return string.Concat(cut.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Between(long minimum, long maximum) => minimum == maximum ? $"{minimum:N0}" : $"from {minimum:N0} to {maximum:N0}";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,59}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();

    // TimeSpan's own constant format also takes "5" for five days, which nobody who writes 5 means.
    [GeneratedRegex(@"^([0-9]{1,7}\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DurationForm();

    private double? Number(string name, Func<double, bool> holds, string range, bool required)
    {
        if (Member(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            return WrongType<double?>(name, "a number", value);
        }

        // 1e999 reads as infinity.
        if (value.TryGetDouble(out var number) && double.IsFinite(number) && holds(number))
        {
            return number;
        }

        Fault(name, $"must be {range} but is {Quote(value.GetRawText())}");
        return null;
    }

    private JsonElement? Member(string name, bool required)
    {
        _known.Add(name);
        var there = _members.TryGetValue(name, out var value);
        if (there && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            Fault(name, there ? "is required but is null" : "is required but missing");
        }

        return null;
    }

    private T? WrongType<T>(string name, string wanted, JsonElement value)
    {
        Fault(name, $"must be {wanted} but is {Describe(value)}");
        return default;
    }
}

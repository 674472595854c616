using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace FederatedOrleans.Operators;

/// <summary>Markup. An interpolated string becomes markup with every hole encoded, save those that are markup themselves.</summary>
/// <param name="Markup">The markup.</param>
internal readonly record struct HtmlText(string Markup)
{
    /// <summary>No markup.</summary>
    public static HtmlText Empty { get; } = new("");

    /// <summary>Makes markup of a literal with encoded holes.</summary>
    public static HtmlText Of(Builder builder) => new(builder.Finish());

    /// <summary>One piece of markup after the other.</summary>
    public static HtmlText Join(IEnumerable<HtmlText> parts) => new(string.Concat(parts.Select(part => part.Markup)));

    /// <summary>As a page of its own.</summary>
    public IResult ToResult(int statusCode = StatusCodes.Status200OK) =>
        TypedResults.Content(Markup, "text/html; charset=utf-8", Encoding.UTF8, statusCode);

    /// <summary>Encodes the holes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Builder
    {
        private readonly StringBuilder _text;

        public Builder(int literalLength, int formattedCount) => _text = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(HtmlText markup) => _text.Append(markup.Markup);

        public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted(int number) => _text.Append(number);

        public string Finish() => _text.ToString();
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace FederatedOrleans.Cli.Output;

/// <summary>Where commands write: tables and colours on a terminal, tab-separated lines in a pipe, JSON where asked for.</summary>
internal sealed class CliOutput
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions Indented = new(Lines) { WriteIndented = true, NewLine = "\n" };

    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public CliOutput(TextWriter output, TextWriter error, bool interactive, IAnsiConsole? terminal = null)
    {
        (_out, _error, IsInteractive) = (output, error, interactive);
        Terminal = terminal ?? AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
    }

    /// <summary>Whether a person looks at a terminal.</summary>
    public bool IsInteractive { get; }

    /// <summary>The terminal, for what moves.</summary>
    public IAnsiConsole Terminal { get; }

    /// <summary>The text without control characters: what comes from elsewhere must not steer a terminal.</summary>
    public static string Clean(string? text) =>
        text is null ? "" : string.Create(text.Length, text, static (span, source) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                span[index] = char.IsControl(source[index]) ? ' ' : source[index];
            }
        });

    public void Line(string text)
    {
        if (IsInteractive)
        {
            // Through the terminal, which knows what moves on it now.
            Terminal.Write(new Text(Clean(text) + Environment.NewLine));
        }
        else
        {
            _out.WriteLine(Clean(text));
        }
    }

    /// <summary>A text that is used as it is, such as a token: never wrapped.</summary>
    public void Raw(string text) => _out.WriteLine(text);

    public void Error(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            _error.WriteLine(Clean(line.TrimEnd('\r')));
        }
    }

    public void Json(object value) => _out.WriteLine(JsonSerializer.Serialize(value, Indented));

    /// <summary>What a command has done: JSON for machines where asked for, else sentences.</summary>
    public void Done(bool json, object value, params ReadOnlySpan<string> sentences)
    {
        if (json)
        {
            Json(value);
            return;
        }

        foreach (var sentence in sentences)
        {
            Line(sentence);
        }
    }

    public void JsonLine(object value)
    {
        _out.WriteLine(JsonSerializer.Serialize(value, Lines));
        _out.Flush();
    }

    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string?>> rows)
    {
        if (!IsInteractive)
        {
            _out.WriteLine(string.Join('\t', headers));
            foreach (var row in rows)
            {
                _out.WriteLine(string.Join('\t', row.Select(Clean)));
            }

            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Clean(cell))));
        }

        Terminal.Write(table);
    }
}

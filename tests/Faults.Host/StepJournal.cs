using System.Text;

namespace FederatedOrleans.Faults;

/// <summary>The steps that a process has reached, a line each: <c>TIME STEP SUBJECT</c>. A repetition of the last line is left out.</summary>
/// <remarks>Each line is given to the system whole before the step ends, so that a killed process has told all its steps.</remarks>
internal sealed class StepJournal(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    private string _last = "";

    public void Add(string step, string subject)
    {
        var line = $"{step} {subject}";
        if (line != _last)
        {
            _last = line;
            _file.Write(Encoding.UTF8.GetBytes($"{TimeProvider.System.GetUtcNow():O} {line}\n"));
        }
    }

    public void Dispose() => _file.Dispose();
}

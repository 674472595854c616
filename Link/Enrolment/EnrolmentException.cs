namespace FederatedOrleans.Link.Enrolment;

/// <summary>A step of enrolment that was refused or failed, with every fault that was found.</summary>
public sealed class EnrolmentException : Exception
{
    /// <summary>Refuses with one or more faults.</summary>
    /// <param name="faults">Plain sentences for the person at the terminal; they hold nothing secret.</param>
    public EnrolmentException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>Refuses with one fault.</summary>
    public EnrolmentException(string fault)
        : this([fault])
    {
    }

    /// <summary>Refuses with one fault that has a cause.</summary>
    public EnrolmentException(string fault, Exception cause)
        : base(fault, cause) => Faults = [fault];

    /// <summary>Plain sentences, at least one.</summary>
    public IReadOnlyList<string> Faults { get; }

    internal static void ThrowIfAny(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new EnrolmentException(faults);
        }
    }
}

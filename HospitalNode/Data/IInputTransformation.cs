namespace FederatedOrleans.Data;

/// <summary>What makes a model's inputs of a row's columns. Immutable; safe to share between threads.</summary>
internal interface IInputTransformation
{
    /// <summary>Inputs that it makes of a row.</summary>
    int InputCount { get; }

    /// <summary>Makes the inputs of a row.</summary>
    /// <param name="row">The row's columns.</param>
    /// <param name="inputs">Receives <see cref="InputCount"/> values.</param>
    void Apply(ReadOnlySpan<float> row, Span<double> inputs);

    /// <summary>The label that a model learns, of that of a row.</summary>
    double Label(float label) => label;
}

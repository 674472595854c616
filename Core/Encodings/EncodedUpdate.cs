using FederatedOrleans.Models;

namespace FederatedOrleans.Encodings;

/// <summary>An update as it travels, and what its encoding lost.</summary>
/// <param name="Format">What the bytes are.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="Residual">What was lost and is to be added to the next update; null where nothing can be lost.</param>
public sealed record EncodedUpdate(UpdateFormat Format, ReadOnlyMemory<byte> Bytes, ParameterVector? Residual);

using Microsoft.Extensions.Options;

namespace FederatedOrleans.Operators;

/// <summary>Checks every option at start.</summary>
[OptionsValidator]
internal sealed partial class OperatorPagesOptionsValidator : IValidateOptions<OperatorPagesOptions>;

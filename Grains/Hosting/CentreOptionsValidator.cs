using Microsoft.Extensions.Options;

namespace FederatedOrleans.Hosting;

/// <summary>Checks the ranges that <see cref="CentreOptions"/> states.</summary>
[OptionsValidator]
internal sealed partial class CentreOptionsValidator : IValidateOptions<CentreOptions>;

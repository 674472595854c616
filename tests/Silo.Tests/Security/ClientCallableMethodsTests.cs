using System.Reflection;
using FederatedOrleans.Federation;
using FederatedOrleans.Security;

namespace FederatedOrleans.Silo.Tests.Security;

public sealed class ClientCallableMethodsTests
{
    private static readonly string[] Expected =
    [
        "IFederationGrain.AdmitHospitalAsync: Operator",
        "IFederationGrain.HospitalsAsync: Researcher",
        "IFederationGrain.InviteHospitalAsync: Operator",
        "IFederationGrain.RevokeHospitalAsync: Operator",
        "IFederationGrain.RevokeTokenAsync: Operator",
        "IFederationGrain.RunsAsync: Researcher",
        "IFederationGrain.SubmitAsync: Researcher",
        "IFederationGrain.ViewAsync: Researcher",
        "IRunGrain.AbandonRoundAsync: Researcher",
        "IRunGrain.CloseRoundAsync: Researcher",
        "IRunGrain.DescribeModelAsync: Researcher",
        "IRunGrain.EvaluateAsync: Researcher",
        "IRunGrain.EventsAsync: Researcher",
        "IRunGrain.LineageAsync: Researcher",
        "IRunGrain.PauseAsync: Researcher",
        "IRunGrain.ReadModelAsync: Researcher",
        "IRunGrain.ReleaseAsync: Operator",
        "IRunGrain.ResumeAsync: Researcher",
        "IRunGrain.StatisticsAsync: Researcher",
        "IRunGrain.StopAsync: Researcher",
        "IRunGrain.VersionsAsync: Researcher",
        "IRunGrain.ViewAsync: Researcher",
        "IRunGrain.WhyAsync: Researcher",
    ];

    /// <summary>Whoever lets clients call one more method must say so here.</summary>
    [Fact]
    public void Clients_may_call_exactly_these()
    {
        var interfaces = typeof(IFederationGrain).Assembly.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).ToList();
        Assert.True(interfaces.Count >= 7);
        var callable = interfaces.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Select(method => (Method: method, Role: ClientCallFilter.AllowedRole(method)))
            .Where(entry => entry.Role is not null)
            .Select(entry => $"{entry.Method.DeclaringType!.Name}.{entry.Method.Name}: {entry.Role}");
        Assert.Equal(Expected, callable.Order(StringComparer.Ordinal));
    }
}

using FederatedOrleans.Federation;
using FederatedOrleans.Security;
using FederatedOrleans.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace FederatedOrleans.Silo.Tests.Security;

public sealed class ClientCallFilterTests(GuardedSilo silo)
{
    private IGuardedGrain Grain => silo.Client.GetGrain<IGuardedGrain>("one");

    [Fact]
    public async Task A_good_token_passes_and_the_grain_sees_its_subject_but_not_the_token()
    {
        Assert.Equal("ada|", await AsAsync(silo.Issue().Token, () => Grain.WhoAsync()));
        Assert.Equal("eve|", await AsAsync(silo.Issue(FederationRole.Operator, subject: "eve").Token, () => Grain.OperateAsync()));
    }

    [Fact]
    public async Task A_subject_that_the_caller_made_up_is_overwritten()
    {
        var token = silo.Issue().Token;
        RequestContext.Set(RequestContextKeys.Subject, "mallory");
        Assert.Equal("ada|", await AsAsync(token, () => Grain.WhoAsync()));
    }

    [Fact]
    public async Task Grains_may_call_what_clients_may_not_and_see_the_subject()
    {
        Assert.Equal("ada|", await AsAsync(silo.Issue().Token, () => Grain.RelayAsync()));
    }

    [Fact]
    public async Task The_silos_own_client_passes()
    {
        var own = silo.SiloServices.GetRequiredService<IGrainFactory>();
        Assert.Equal("|", await own.GetGrain<IGuardedGrain>("own").HiddenAsync());
        await own.GetGrain<IManagementGrain>(0).GetHosts(false, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task No_token_is_denied() => await DeniedAsync(null, () => Grain.WhoAsync(), "carries no token");

    [Theory]
    [InlineData("junk")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.")]
    [InlineData("....")]
    public async Task Junk_is_denied(string token) => await DeniedAsync(token, () => Grain.WhoAsync(), "token");

    [Fact]
    public async Task A_huge_token_is_denied() => await DeniedAsync(new string('x', 100_000), () => Grain.WhoAsync(), "not readable");

    [Fact]
    public async Task A_token_that_is_no_text_is_denied()
    {
        RequestContext.Set(RequestContextKeys.Token, 5);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Grain.WhoAsync());
    }

    [Fact]
    public async Task Another_keys_signature_is_denied()
    {
        using var other = TokenKey.Create();
        var forged = new TokenIssuer(other, "heart", TimeProvider.System).Issue(new() { Subject = "ada", Role = FederationRole.Operator });
        await DeniedAsync(forged.Token, () => Grain.WhoAsync(), "not signed with this federation's key");
    }

    [Fact]
    public async Task A_changed_claim_is_denied()
    {
        var (good, better) = (silo.Issue().Token.Split('.'), silo.Issue(FederationRole.Operator).Token.Split('.'));
        await DeniedAsync($"{good[0]}.{better[1]}.{good[2]}", () => Grain.OperateAsync(), "not signed with this federation's key");
    }

    [Fact]
    public async Task An_expired_token_is_denied()
    {
        var past = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(31));
        var expired = new TokenIssuer(silo.Key, "heart", past).Issue(new() { Subject = "ada", Role = FederationRole.Researcher });
        await DeniedAsync(expired.Token, () => Grain.WhoAsync(), "expired at");
    }

    [Fact]
    public async Task Another_federations_token_is_denied()
    {
        var other = new TokenIssuer(silo.Key, "lung", TimeProvider.System).Issue(new() { Subject = "ada", Role = FederationRole.Operator });
        await DeniedAsync(other.Token, () => Grain.WhoAsync(), "another federation");
    }

    [Fact]
    public async Task A_researcher_is_no_operator() =>
        await DeniedAsync(silo.Issue().Token, () => Grain.OperateAsync(), "needs the role operator");

    [Fact]
    public async Task A_login_link_is_no_clients_token() =>
        await DeniedAsync(silo.Issue(FederationRole.Operator, TokenUse.Login).Token, () => Grain.WhoAsync(), "login link");

    [Fact]
    public async Task A_method_without_the_attribute_is_denied_to_operators_too() =>
        await DeniedAsync(silo.Issue(FederationRole.Operator).Token, () => Grain.HiddenAsync(), "may not call this");

    [Fact]
    public async Task The_management_grain_is_denied()
    {
        var token = silo.Issue(FederationRole.Operator).Token;
        var management = silo.Client.GetGrain<IManagementGrain>(0);
        await DeniedAsync(token, () => management.GetHosts(), "may not call this");
        await DeniedAsync(token, () => management.ForceGarbageCollection([]), "may not call this");
    }

    [Fact]
    public async Task Grain_methods_of_the_federation_without_the_attribute_are_denied()
    {
        var federation = silo.Client.GetGrain<IFederationGrain>(GrainKeys.Federation);
        var token = silo.Issue(FederationRole.Operator).Token;
        Assert.Equal("heart", (await AsAsync(token, () => federation.ViewAsync())).Federation);
        await DeniedAsync(token, () => federation.RevokedTokensAsync(), "may not call this");
        await DeniedAsync(token, () => federation.UseLoginLinkAsync(new("x", default)), "may not call this");
    }

    [Fact]
    public async Task A_revoked_token_is_denied_within_seconds()
    {
        var token = silo.Issue();
        Assert.Equal("ada|", await AsAsync(token.Token, () => Grain.WhoAsync()));
        RevocationsOnlyGrain.Revoked.Add(new(token.TokenId, token.ExpiresAt));
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await AsAsync(token.Token, () => Grain.WhoAsync());
                Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(15), "It is still accepted.");
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
            catch (UnauthorizedAccessException denied)
            {
                Assert.Contains("revoked", denied.Message, StringComparison.Ordinal);
                break;
            }
        }
    }

    [Fact]
    public async Task A_denial_is_logged_without_the_token()
    {
        var token = silo.Issue().Token;
        await DeniedAsync(token, () => Grain.OperateAsync(), "operator");
        Assert.Contains(silo.Log, line => line.StartsWith("5001", StringComparison.Ordinal) && line.Contains("OperateAsync", StringComparison.Ordinal));
        Assert.DoesNotContain(silo.Log, line => line.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_a_call_reaches_the_grain()
    {
        GuardedGrain.Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancel = new CancellationTokenSource();
        var call = AsAsync(silo.Issue().Token, () => silo.Client.GetGrain<IGuardedGrain>("cancel").WaitAsync(cancel.Token));
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await GuardedGrain.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    private static async Task<T> AsAsync<T>(string? token, Func<Task<T>> call)
    {
        if (token is not null)
        {
            RequestContext.Set(RequestContextKeys.Token, token);
        }

        return await call();
    }

    private static async Task DeniedAsync(string? token, Func<Task> call, string sentence)
    {
        var denied = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => AsAsync(token, async () =>
        {
            await call();
            return 0;
        }));
        Assert.Contains(sentence, denied.Message, StringComparison.Ordinal);
    }
}

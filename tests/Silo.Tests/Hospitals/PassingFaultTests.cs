using System.Net;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.V1;
using FederatedOrleans.Rounds;
using Grpc.Core;
using Grpc.Net.Client;

namespace FederatedOrleans.Hospitals;

/// <summary>What hospitals are told while their grains can't be reached.</summary>
public sealed class PassingFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(typeof(IHospitalGrain))]
    [InlineData(typeof(IRoundCoordinatorGrain))]
    public async Task What_can_not_be_answered_now_is_answered_when_it_is_asked_again(Type unreachable)
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("fault-a", "fault-b");
        var hospital = run.Hospitals[0];
        using var channel = GrpcChannel.ForAddress(
            hospital.Address, new GrpcChannelOptions { HttpHandler = hospital.Handler(), DisposeHttpClient = true });
        var control = new HospitalLink.HospitalLinkClient(channel);
        var answer = new AnswerRequest { Run = run.Id, Round = 1, Attempt = 1, Accepted = true };
        var update = LinkRun.Update(3);

        silo.Unreachable = unreachable;
        Assert.Equal(HttpStatusCode.BadGateway, (await hospital.HeadAsync(run, ContentDigest.Of(update))).Status);
        Assert.Equal(HttpStatusCode.BadGateway, (await hospital.PutAsync(run, update, 0)).Status);
        var told = await Assert.ThrowsAsync<RpcException>(() => control.AnswerAsync(answer, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, told.StatusCode);

        silo.Unreachable = null;
        Assert.True((await control.AnswerAsync(answer, cancellationToken: Token)).Taken);
        Assert.Equal(HttpStatusCode.OK, (await hospital.ResumeAsync(run, update)).Status);
        Assert.Equal(HttpStatusCode.OK, (await run.Hospitals[1].PutAsync(run, update, 0)).Status);
        await run.CommittedAsync();
    }
}

using FederatedOrleans.Link.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace FederatedOrleans.Hospitals;

/// <summary>What the centre tells a hospital over its open stream.</summary>
public sealed class WakeUpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wake_up_brings_what_the_question_would_be_answered_with()
    {
        await using var silo = new LinkSilo();
        await silo.InitializeAsync();
        var run = await silo.BeginAsync("told-a", "told-b");
        using var channel = GrpcChannel.ForAddress(
            run.Hospitals[0].Address, new GrpcChannelOptions { HttpHandler = run.Hospitals[0].Handler(), DisposeHttpClient = true });
        var client = new HospitalLink.HospitalLinkClient(channel);
        using var call = client.Attend(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new AttendUp { Hello = new Hello { NodeVersion = "1.2.3" } }, Token);
        Assert.NotNull((await NextAsync(call)).Welcome);

        // It has work: it is told at once, and a hospital of an older version takes the same message for "ask".
        var told = (await NextAsync(call)).WakeUp.Now;
        var asked = await client.NextAssignmentAsync(new NextAssignmentRequest(), cancellationToken: Token);
        Assert.Equal(asked, told);
        Assert.Equal((run.Id, Stage.Train), (Assert.Single(told.Assignments).Run, told.Assignments[0].Stage));

        await run.StopAsync();
        var after = (await NextAsync(call)).WakeUp.Now;
        Assert.Empty(after.Assignments);
        Assert.True(after.Version > told.Version, "What is told later has a higher version.");
    }

    private static async Task<AttendDown> NextAsync(AsyncDuplexStreamingCall<AttendUp, AttendDown> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Token).WaitAsync(TimeSpan.FromMinutes(1), Token));
        return call.ResponseStream.Current;
    }
}

using System.Net;
using System.Net.Sockets;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>How the Silo stops where it is told to.</summary>
public sealed class StopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stop_in_good_order_is_not_cut_short()
    {
        await using var federation = await TestFederation.StartCentreAsync();

        // A request that does not come to its end: the pages' server waits for it some seconds.
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, federation.Local.WebPort, Token);
        await slow.GetStream().WriteAsync(
            "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlink="u8.ToArray(), Token);
        using (var http = new HttpClient { BaseAddress = federation.Local.Web })
        {
            // Answered after the request above has been taken up.
            using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);
            Assert.True(ready.IsSuccessStatusCode);
        }

        var silo = federation.Local.Processes["silo"];
        await silo.SignalAsync("TERM");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        await silo.WaitForExitAsync(deadline.Token);

        Assert.Equal(0, silo.ExitCode);
    }
}

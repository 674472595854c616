using System.Net;
using System.Net.Sockets;
using System.Text;
using FederatedOrleans.Identity;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Site.Link;

/// <summary>Transfers to, and calls of, a centre that stops in the middle without closing the connection.</summary>
public sealed class TransferIdleTests : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<string> _requests = [];
    private readonly List<TcpClient> _connections = [];

    public TransferIdleTests()
    {
        _listener.Start();
        _ending.CancelAfter(Patience);
    }

    public void Dispose()
    {
        _ending.Cancel();
        _connections.ForEach(connection => connection.Dispose());
        _listener.Dispose();
        _ending.Dispose();
    }

    [Fact]
    public async Task A_download_that_stands_still_breaks_and_goes_on_where_it_stopped()
    {
        var serving = ServeAsync(
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123",
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n\r\n456789");
        using var link = Link();
        using var target = new MemoryStream();
        var digest = ContentDigest.Of("0123456789"u8);

        var broken = await Assert.ThrowsAsync<IOException>(() => link.DownloadAsync(digest, 0, target, _ending.Token));
        Assert.Contains("no byte moved", broken.Message, StringComparison.Ordinal);
        Assert.Equal("0123", Encoding.ASCII.GetString(target.ToArray()));

        Assert.True(await link.DownloadAsync(digest, target.Length, target, _ending.Token));
        Assert.Equal("0123456789", Encoding.ASCII.GetString(target.ToArray()));
        await serving;
        Assert.Contains("Range: bytes=4-", _requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_centre_that_takes_a_request_and_never_answers_is_not_waited_for()
    {
        var serving = ServeAsync("");
        using var link = Link();

        await Assert.ThrowsAsync<IOException>(() => link.DownloadAsync(ContentDigest.Of("x"u8), 0, Stream.Null, _ending.Token));
        await serving;
    }

    [Fact]
    public async Task An_upload_that_is_not_taken_breaks()
    {
        // More than any socket's buffers hold: writing stops for good.
        var update = new byte[64 << 20];
        var serving = ServeAsync("HTTP/1.1 202 Accepted\r\nFo-Held: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "");
        using var link = Link();

        var broken = await Assert.ThrowsAsync<IOException>(() => link.UploadAsync(Upload(update), _ending.Token));
        Assert.Contains("no byte moved", broken.Message, StringComparison.Ordinal);
        await serving;
        Assert.StartsWith("PUT", _requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_update_is_sent_without_a_question_and_goes_on_from_what_is_held()
    {
        const string Close = "Content-Length: 0\r\nConnection: close\r\n\r\n";
        var update = "0123456789"u8.ToArray();
        var serving = ServeAsync($"HTTP/1.1 202 Accepted\r\nFo-Held: 4\r\n{Close}", $"HTTP/1.1 200 OK\r\nFo-Epoch: 1\r\n{Close}");
        using var link = Link();

        Assert.Equal(UploadVerdict.Counted, (await link.UploadAsync(Upload(update), _ending.Token)).Verdict);
        await serving;
        Assert.All(_requests, request => Assert.StartsWith("PUT", request, StringComparison.Ordinal));
        Assert.Contains("Fo-Offset: 0", _requests[0], StringComparison.Ordinal);
        Assert.Contains("Fo-Offset: 4", _requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_of_an_idle_connection()
    {
        _ = ServeAsync("");
        using var link = Link();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var download = link.DownloadAsync(ContentDigest.Of("x"u8), 0, Stream.Null, given.Token);
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
    }

    [Fact]
    public async Task A_call_that_nobody_answers_is_given_up_after_its_time_whatever_the_clock_says()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1));
        using var link = Link(time);
        var call = link.NextAsync(_ending.Token);
        using var connection = await _listener.AcceptTcpClientAsync(_ending.Token);
        Assert.False(call.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(20));
        var given = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(StatusCode.DeadlineExceeded, given.StatusCode);
    }

    private GrpcHospitalLink Link(TimeProvider? time = null) => new(
        new Uri($"http://{_listener.LocalEndpoint}"), () => new SocketsHttpHandler { UseProxy = false, ConnectCallback = KeptAliveSocket.ConnectAsync }, time ?? TimeProvider.System, Idle);

    private static UpdateUpload Upload(byte[] update) => new()
    {
        Id = new("run", 1, 1),
        Epoch = 1,
        Digest = ContentDigest.Of(update),
        NumExamples = 20,
        Open = () => new MemoryStream(update, writable: false),
    };

    /// <summary>Answers one connection after the other with a head or a part of a body, and lets each stand open.</summary>
    private async Task ServeAsync(params string[] answers)
    {
        foreach (var answer in answers)
        {
            var connection = await _listener.AcceptTcpClientAsync(_ending.Token);
            _connections.Add(connection);
            var stream = connection.GetStream();
            _requests.Add(await ReadHeadAsync(stream));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _ending.Token);
            if (answer.Contains("Connection: close", StringComparison.Ordinal))
            {
                connection.Client.Shutdown(SocketShutdown.Send);
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _ending.Token) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Bench.Links;

/// <summary>A hospital that is nothing but its end of the link: it accepts at once, downloads the model, and uploads an update that is there already.</summary>
/// <remarks>The link is the one that nodes use. What a node does beside it, training and state, is not here; cache and outbox are where a folder is given.</remarks>
internal sealed class LinkClient : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly LinkKit _kit;
    private readonly GrpcHospitalLink _link;
    private readonly byte[] _update;
    private readonly ContentDigest _digest;
    private readonly RoundBarrier? _barrier;
    private readonly SiteDisk? _disk;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _attends = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeUps _wakeUps = new();
    private readonly Task _work;
    private (AttemptId Id, long Epoch) _answered;
    private (AttemptId Id, long Epoch) _uploaded;
    private readonly ConcurrentDictionary<int, (long Began, long Ended)> _uploads = [];
    private long _calls;

    /// <summary>Begins to attend.</summary>
    /// <param name="kit">Folder of the hospital's kit.</param>
    /// <param name="update">Its update in every round; shared by all.</param>
    /// <param name="digest">Digest of the update.</param>
    /// <param name="barrier">Where it waits, with the model, for the others before it uploads; it waits for nobody where absent.</param>
    /// <param name="disk">Folder in which it keeps the model and the update as nodes do; they are in memory only where absent.</param>
    public LinkClient(string kit, byte[] update, ContentDigest digest, RoundBarrier? barrier = null, string? disk = null)
    {
        (_update, _digest, _barrier) = (update, digest, barrier);
        _kit = LinkKit.Load(kit, TimeProvider.System, LinkRole.Hospital);
        _link = new GrpcHospitalLink(_kit.Addresses[0], () => HandlerOf(_kit), TimeProvider.System);
        _disk = disk is null ? null : new SiteDisk(disk, _link, update.Length / sizeof(float));
        _work = Task.WhenAll(Task.Run(AttendAsync), Task.Run(WorkAsync));
    }

    /// <summary>Calls and bodies so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>When the upload of each round began and when its receipt came, as timestamps.</summary>
    public IReadOnlyDictionary<int, (long Began, long Ended)> Uploads => _uploads;

    /// <summary>Ends when it attends.</summary>
    public Task Attends => _attends.Task;

    /// <summary>What nodes connect with.</summary>
    public static SocketsHttpHandler HandlerOf(LinkKit kit) => new()
    {
        ConnectCallback = KeptAliveSocket.ConnectAsync,
        SslOptions = LinkTls.ClientOptions(kit.Certificate, kit.PeerValidator(TimeProvider.System)),
        EnableMultipleHttp2Connections = true,
        UseProxy = false,
        UseCookies = false,
    };

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _work;
        _disk?.Dispose();
        _link.Dispose();
        _kit.Dispose();
        _ending.Dispose();
    }

    private async Task AttendAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await _link.AttendAsync([], () => _attends.TrySetResult(), _wakeUps.Told, _ending.Token);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                await PauseAsync();
            }
        }
    }

    private async Task WorkAsync()
    {
        var known = long.MinValue;
        SiteInbox? told = null;
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var inbox = told ?? await AskAsync();
                known = inbox.Version;
                foreach (var assignment in inbox.Assignments)
                {
                    await DoAsync(assignment);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                await PauseAsync();
                _wakeUps.Ask();
            }

            told = await _wakeUps.WaitAsync(known, PollInterval, TimeProvider.System, _ending.Token);
        }
    }

    private Task<SiteInbox> AskAsync()
    {
        Interlocked.Increment(ref _calls);
        return _link.NextAsync(_ending.Token);
    }

    private async Task DoAsync(SiteAssignment assignment)
    {
        var what = (assignment.Id, assignment.Epoch);
        if (assignment.Stage == SiteStage.Invited && _answered.Id != assignment.Id)
        {
            Interlocked.Increment(ref _calls);
            await _link.AnswerAsync(assignment.Id, SiteRefusal.None, _ending.Token);
            _answered = what;
        }
        else if (assignment.Stage == SiteStage.Train && _uploaded != what)
        {
            // A download, unless a short model came with what was told, and an upload's PUT; HEAD before it where the update is long.
            Interlocked.Add(ref _calls, (_link.Holds(assignment.Model) ? 0 : 1) + (_update.Length > GrpcHospitalLink.AskFirstAbove ? 2 : 1));
            await (_disk?.DownloadAsync(assignment.Model, _ending.Token) ?? _link.DownloadAsync(assignment.Model, 0, Stream.Null, _ending.Token));
            if (_barrier is not null)
            {
                await _barrier.ArriveAsync(assignment.Id.Round, _kit.Certificate.Subject, _ending.Token);
            }

            var began = Stopwatch.GetTimestamp();
            var digest = _disk is null ? _digest : await _disk.PutAsync(assignment.Id, _update, _ending.Token);
            var result = await _link.UploadAsync(
                new UpdateUpload
                {
                    Id = assignment.Id,
                    Epoch = assignment.Epoch,
                    Digest = digest,
                    NumExamples = 100,
                    Open = () => _disk?.Open(assignment.Id) ?? new MemoryStream(_update, writable: false),
                },
                _ending.Token);
            if (result.Verdict is UploadVerdict.Busy or UploadVerdict.Stale)
            {
                await PauseAsync();
                _wakeUps.Ask();
                return;
            }

            _uploads[assignment.Id.Round] = (began, Stopwatch.GetTimestamp());
            _uploaded = what;
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pause, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }
}

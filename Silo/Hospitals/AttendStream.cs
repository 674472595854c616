using System.Threading.Channels;

namespace FederatedOrleans.Hospitals;

/// <summary>The silo's end of a hospital's open stream: wake-ups wait in a channel of one, since two say no more than one.</summary>
internal sealed class AttendStream : IHospitalObserver
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<bool> Signals => _signals.Reader;

    public Task WakeUpAsync()
    {
        _signals.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task DropAsync()
    {
        _signals.Writer.TryComplete();
        return Task.CompletedTask;
    }
}

using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>Removes messages that have been kept long enough, in small steps that hold nothing up.</summary>
internal sealed class MessageSweep(
    HubNode node,
    IOptions<HubOptions> options,
    MessageStore messages,
    HubClock time,
    ILogger<MessageSweep> logger
) : HubLoop(node, new Wakeup(), time, logger)
{
    private const int Step = 500;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = DatabaseTime.Now(Time) - TimeSpan.FromDays(options.Value.Predicates.MessageDays);
        return await messages.SweepAsync(before, Step, cancellationToken) == Step ? TimeSpan.Zero : Every;
    }
}

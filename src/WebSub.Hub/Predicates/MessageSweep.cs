using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Predicates;

/// <summary>Removes messages that have been kept for their time.</summary>
internal sealed class MessageSweep(IOptions<HubOptions> options, MessageStore messages, HubClock time)
    : MaintenanceTask(TimeSpan.FromHours(1))
{
    private const int Step = 500;

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var before = DatabaseTime.Now(time) - TimeSpan.FromDays(options.Value.Predicates.MessageDays);
        return await messages.SweepAsync(before, Step, cancellationToken) == Step;
    }
}

using System.Diagnostics.Metrics;
using WebSub.Publisher.Storage;

namespace WebSub.Publisher.Diagnostics;

/// <summary>Counts messages to hubs.</summary>
internal sealed class PublisherMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _notifications = meters
        .Create(WebSubPublisherTelemetry.MeterName)
        .CreateCounter<long>(
            "websub.publisher.notifications",
            "{notification}",
            "Messages to hubs, by hub and outcome (told, put_off, skipped, given_up)."
        );

    public void Sent(string hub, NoticeOutcome outcome)
    {
        if (!_notifications.Enabled)
            return;
        var name = outcome switch
        {
            NoticeOutcome.Told => "told",
            NoticeOutcome.PutOff => "put_off",
            NoticeOutcome.Skipped => "skipped",
            _ => "given_up",
        };
        _notifications.Add(1, new("websub.hub", hub), new("websub.outcome", name));
    }
}

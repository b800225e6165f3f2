using Demo.Feed;
using Demo.Roles;
using Demo.Steps;
using Microsoft.AspNetCore.Builder;
using WebSub.Hosting;
using WebSub.Protocol;
using WebSub.Subscriber;

namespace Demo;

/// <summary>One subscription from discovery to its end, across three apps that know each other only by URL.</summary>
/// <remarks>
/// <para>1. The hub and the publisher start; then the subscriber, which discovers, subscribes and is verified automatically.</para>
/// <para>2. The feed changes, the publisher pings the hub, and the update arrives, repeatedly.</para>
/// <para>3. Meanwhile the subscription is renewed, and finally it is ended.</para>
/// </remarks>
internal sealed class DemoRun(StepLog log, TimeProvider time)
{
    private const int Updates = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);
    private readonly ObservatoryFeed _feed = new(time);
    private string? _awaited;

    /// <summary>True ends the run by itself once every step has been observed.</summary>
    public bool Once { get; init; }

    private TimeSpan Lease => TimeSpan.FromSeconds(Once ? 8 : 30);

    private TimeSpan Pause => TimeSpan.FromSeconds(Once ? 1 : 4);

    /// <summary>Runs, and returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        var folder = Directory.CreateTempSubdirectory("websub-demo-");
        using LoopbackPort hubPort = LoopbackPort.Take(),
            publisherPort = LoopbackPort.Take(),
            subscriberPort = LoopbackPort.Take();
        var topic = PublisherRole.FeedAt(publisherPort);
        try
        {
            await using var hub = HubRole.Create(hubPort, folder.FullName, Lease);
            await using var publisher = PublisherRole.Create(publisherPort, folder.FullName, HubRole.UrlAt(hubPort), _feed);
            await using var subscriber = SubscriberRole.Create(subscriberPort, folder.FullName, topic, Lease, log, OnNotificationAsync);
            log.Line($"hub         {HubRole.UrlAt(hubPort)}");
            log.Line($"publisher   {topic}");
            log.Line($"subscriber  {subscriberPort.Url}");
            log.Line($"dashboard   {HubRole.DashboardAt(hubPort)}{(Once ? ", until the end of this run" : "")}");
            log.Line(Once ? "" : "Ctrl-C ends it.\n");

            await hub.StartAsync(interrupted);
            await publisher.StartAsync(interrupted);
            await subscriber.StartAsync(interrupted);
            var isComplete = await FollowAsync(publisher, topic, interrupted);
            var hasEnded = await EndAsync(subscriber);
            foreach (var app in new[] { subscriber, publisher, hub })
                await app.StopAsync(CancellationToken.None);
            return Conclude(isComplete, hasEnded);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Cancelled before anything had begun.
            return Once ? 1 : 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>False if something did not happen in time.</summary>
    private async Task<bool> FollowAsync(WebApplication publisher, string topic, CancellationToken interrupted)
    {
        var seen = 0;
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupted, deadline.Token);
        while (!Once || seen < Updates)
        {
            // However long the demo runs, the next update has a deadline.
            if (!Once)
                deadline.CancelAfter(Deadline);
            try
            {
                await log.WaitAsync(Step.Verified, 1, either.Token);
                await Task.Delay(Pause, time, either.Token);
                await PublishAsync(publisher, topic, ++seen, either.Token);
                if (Once && seen == Updates)
                    await log.WaitAsync(Step.Renewed, 1, either.Token);
            }
            catch (OperationCanceledException)
            {
                return interrupted.IsCancellationRequested;
            }
        }

        return true;
    }

    private async Task PublishAsync(WebApplication publisher, string topic, int number, CancellationToken cancellationToken)
    {
        var (what, title) = _feed.Change();
        Volatile.Write(ref _awaited, title);
        await PublisherRole.PublishAsync(publisher, topic, cancellationToken);
        log.Observe(Step.Published, $"{what} \"{title}\"");

        // The subscriber answers the challenge a moment before the hub has stored that; a hub ignores topics without subscribers.
        var delivered = log.WaitAsync(Step.Delivered, number, cancellationToken);
        while (await Task.WhenAny(delivered, Task.Delay(AskAgain, time, cancellationToken)) != delivered)
            await PublisherRole.PublishAsync(publisher, topic, cancellationToken);
        await delivered;
    }

    private async Task OnNotificationAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        // The response to the ping and the delivery race; it was published before it was delivered.
        await log.WaitAsync(Step.Published, log[Step.Delivered] + 1, cancellationToken);

        // The library checks the signatures of signed subscriptions and drops what fails; here one must be present at all.
        var method = notification.Headers[HubHeaders.Signature].ToString().Split('=')[0];
        var title = notification.ReadFeed().Entries.MaxBy(e => e.Updated)?.Title;
        if (!notification.Subscription.IsSigned || method.Length == 0)
            log.Note("unsigned", $"\"{title}\"");
        else if (title != Volatile.Read(ref _awaited))
            log.Note("unexpected", $"\"{title}\"");
        else
            log.Observe(Step.Delivered, $"valid {method} signature, \"{title}\"");
    }

    private async Task<bool> EndAsync(WebApplication subscriber)
    {
        using var deadline = new CancellationTokenSource(EndDeadline, time);
        try
        {
            await SubscriberRole.UnsubscribeAsync(subscriber, deadline.Token);
            await log.WaitAsync(Step.Unsubscribed, 1, deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private int Conclude(bool isComplete, bool hasEnded)
    {
        log.Line();
        if (!Once)
        {
            if (isComplete && hasEnded)
                return 0;
            log.Line(
                hasEnded
                    ? $"The next update did not arrive within {Deadline.TotalSeconds} s."
                    : "The hub did not confirm the end of the subscription."
            );
            return 1;
        }

        if (log.Missing(Updates) is { Count: > 0 } missing)
        {
            log.Line($"Not observed: {string.Join(", ", missing)}.");
            return 1;
        }

        log.Line($"Every step was observed, {log[Step.Delivered]} updates among them.");
        return 0;
    }
}

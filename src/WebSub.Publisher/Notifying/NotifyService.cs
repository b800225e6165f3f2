using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Publisher.Hosting;
using WebSub.Publisher.Storage;
using WebSub.Storage;

namespace WebSub.Publisher.Notifying;

/// <summary>
/// Takes in what was published, claims the hubs that are to be told, and runs each; sleeps until something is due or published.
/// </summary>
internal sealed class NotifyService(
    PublisherNode node,
    Intake intake,
    HubStore hubs,
    HubRun run,
    NotifySignal signal,
    IOptions<WebSubPublisherOptions> options,
    TimeProvider time,
    ILogger<NotifyService> logger
) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await node.ReadyAsync(stoppingToken);
            while (true)
                await signal.WaitAsync(await StepAsync(stoppingToken), time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is normal. What was sent is waited for, so that its answer is saved.
            await Task.WhenAll(Running());
        }
    }

    /// <summary>Does what is to be done now and returns how long nothing else is.</summary>
    private async Task<TimeSpan> StepAsync(CancellationToken stopping)
    {
        try
        {
            while (await intake.HasWorkAsync(stopping))
            {
                var taken = await intake.RunAsync(options.Value.CoalesceInterval, DatabaseTime.Now(time), stopping);
                foreach (var topic in taken.Unserved)
                    NotifyLog.Unserved(logger, topic);
            }

            var now = DatabaseTime.Now(time);
            var due = await hubs.NextDueAsync(stopping);
            if (due <= now)
            {
                foreach (var claim in await hubs.ClaimAsync(node.Name, now, run.ClaimEnd(now), stopping))
                    Start(claim, stopping);
                due = await hubs.NextDueAsync(stopping);
            }

            var poll = options.Value.PollInterval;
            return due is { } next ? new(Math.Clamp((next - now).Ticks, Shortest.Ticks, Math.Max(poll.Ticks, Shortest.Ticks))) : poll;
        }
#pragma warning disable CA1031 // The database may be away for a while; what is stored must not wait for a restart.
        catch (Exception e) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            NotifyLog.Trouble(logger, e, AfterTrouble.TotalSeconds);
            return AfterTrouble;
        }
    }

    private void Start(HubClaim claim, CancellationToken stopping)
    {
        lock (_lock)
        {
            var task = Task.Run(() => RunAsync(claim, stopping), CancellationToken.None);
            _running.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task RunAsync(HubClaim claim, CancellationToken stopping)
    {
        try
        {
            await run.RunAsync(claim, stopping);
        }
#pragma warning disable CA1031 // The claim ends by itself and the hub is told then.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotifyLog.Trouble(logger, e, AfterTrouble.TotalSeconds);
        }
        finally
        {
            signal.Raise();
        }
    }

    private void Forget(Task task)
    {
        lock (_lock)
            _running.Remove(task);
    }

    private Task[] Running()
    {
        lock (_lock)
            return [.. _running];
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>
/// Runs the maintenance tasks, each at its own interval and independently: one that is slow or fails does not hold up the others.
/// </summary>
/// <param name="tasks">The tasks.</param>
/// <param name="ready">Completes when they may begin.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class Maintenance(
    IEnumerable<MaintenanceTask> tasks,
    Func<CancellationToken, Task> ready,
    TimeProvider time,
    ILogger<Maintenance> logger
) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ready(stoppingToken);
            await Task.WhenAll(tasks.Select(t => Loop.RepeatAsync(t.GetType().Name, t.StepAsync, t.Signal, time, logger, stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is normal.
        }
    }
}

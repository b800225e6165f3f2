using Microsoft.AspNetCore.Components;
using WebSub.Hub.Dashboard.Access;

namespace WebSub.Hub.Dashboard.Components.Parts;

/// <summary>A page that reads its data before it is shown, and again every few seconds while it is open.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _left = new();
    private ITimer? _timer;

    [Inject]
    private TimeProvider? GivenTime { get; set; }

    [Inject]
    private DashboardSession Reader { get; set; } = null!;

    [Inject]
    private NavigationManager Addresses { get; set; } = null!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left => _left.Token;

    protected TimeProvider Time => GivenTime ?? TimeProvider.System;

    /// <summary>Reads the page's data.</summary>
    protected abstract Task ReadAsync();

    protected sealed override Task OnParametersSetAsync() => ReadIfAllowedAsync();

    protected sealed override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            _timer = TimeProvider.System.CreateTimer(_ => _ = InvokeAsync(RefreshAsync), null, Interval, Interval);
    }

    /// <summary>Reads and shows it anew.</summary>
    protected async Task RefreshAsync()
    {
        try
        {
            await ReadIfAllowedAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Left.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await DispatchExceptionAsync(e);
        }
    }

    /// <summary>Reads, unless the key may not read any more: then the page is asked for anew, which leads to the sign-in.</summary>
    private async Task ReadIfAllowedAsync()
    {
        // The first picture comes with a request that has been let in.
        if (RendererInfo.IsInteractive && !await Reader.MayAsync(ApiScope.Read))
            Addresses.Refresh(forceReload: true);
        else
            await ReadAsync();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _timer?.Dispose();
        _left.Cancel();
        _left.Dispose();
    }
}

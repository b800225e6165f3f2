using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>One hub process for all tests of a class; it starts when the first of them needs it.</summary>
public sealed class SharedHub : IAsyncDisposable
{
    private HubProcess? _hub;

    internal async Task<HubProcess> GetAsync(Func<Task<string>> createDatabase, params (string Name, string Value)[] settings) =>
        _hub ??= await HubProcess.StartAsync(await createDatabase(), settings);

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
    }
}

using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Http;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests;

/// <summary>A hub on a loopback port, in this process.</summary>
internal sealed class HubHost : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Counts something once no subscription is due by itself: the next run of their lanes has them all.</summary>
    public const string AllSettled =
        "select 1 where not exists (select 1 from {subscriptions} where due is not null) and not exists (select 1 from {requests})";

    private readonly WebApplication _app;
    private readonly HubLog _log;
    private readonly HubChanges _changes;
    private readonly Pulse _commits;
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    private HubHost(WebApplication app, HubLog log, string connectionString)
    {
        (_app, _log, _changes, _commits) = (app, log, HubChanges.Of(connectionString), Pulse.OfCommits(connectionString));
        Db.Written = _commits.Beat;
    }

    private string _group = "";

    public string Url => $"{Origin}/hub";

    /// <summary>Scheme, host and port, and the path of the group that the hub is mapped in.</summary>
    public string Origin => _app.Urls.First() + _group;

    public IServiceProvider Services => _app.Services;

    public Database Db => Services.GetRequiredService<HubDatabase>().Db;

    public static async Task<HubHost> StartAsync(
        string connectionString,
        Action<HubOptions>? configure = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        string group = ""
    )
    {
        var log = new HubLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.AddWebSubHub(o =>
        {
            o.ConnectionString = connectionString;
            o.Outbound.AllowPrivateNetworks = true;
            o.FollowDatabaseClock = time is null;
            configure?.Invoke(o);
        });
        builder.Services.AddSingleton<IWebSubHubEvents>(HubChanges.Of(connectionString));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        var mapped = group.Length == 0 ? (IEndpointRouteBuilder)app : app.MapGroup(group);
        mapped.MapWebSubHub();
        mapped.MapWebSubPredicates();
        mapped.MapWebSubAdministration();
        var host = new HubHost(app, log, connectionString) { _group = group };
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task<HttpResponseMessage> PostAsync(HubFields fields, string query = "")
    {
        using var content = new StringContent(fields.ToString(), Encoding.ASCII, "application/x-www-form-urlencoded");
        return await _http.PostAsync(new Uri(Url + query), content);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _http.SendAsync(request);

    /// <summary>Subscribes and waits until the subscription is stored.</summary>
    public async Task SubscribeAsync(
        string topic,
        string callback,
        string? secret = null,
        long? lease = null,
        params (string Name, string Value)[] extra
    )
    {
        var verified = ChangedAsync(WebSubHubChangeKind.Subscribed, callback, topic);
        using var response = await RequestAsync(HubModes.Subscribe, topic, callback, secret, lease, extra);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await verified;
    }

    public async Task UnsubscribeAsync(string topic, string callback)
    {
        var verified = ChangedAsync(WebSubHubChangeKind.Unsubscribed, callback, topic);
        using var response = await RequestAsync(HubModes.Unsubscribe, topic, callback);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await verified;
    }

    public Task<HttpResponseMessage> RequestAsync(
        string mode,
        string topic,
        string callback,
        string? secret = null,
        long? lease = null,
        params (string Name, string Value)[] extra
    )
    {
        var fields = new HubFields()
            .Add(HubParameters.Mode, mode)
            .Add(HubParameters.Topic, topic)
            .Add(HubParameters.Callback, callback)
            .Add(HubParameters.Secret, secret)
            .Add(HubParameters.LeaseSeconds, lease);
        foreach (var (name, value) in extra)
            fields.Add(name, value);
        return PostAsync(fields);
    }

    /// <summary>Waits until a query counts something; it is asked after each commit.</summary>
    public Task UntilAsync(string count) =>
        UntilAsync(async () => await Db.ReadAsync(s => s.ScalarAsync<long>(count), TestContext.Current.CancellationToken) > 0);

    /// <summary>Waits until this holds; it is looked at after each commit.</summary>
    public Task UntilAsync(Func<Task<bool>> holds) => _commits.UntilAsync(holds, Deadline);

    /// <summary>Completes when this next happens to a subscription.</summary>
    public Task ChangedAsync(WebSubHubChangeKind kind, string callback, string? topic = null) =>
        _changes.NextAsync(c => c.Kind == kind && c.Callback == callback && (topic is null || c.Topic == topic));

    /// <summary>What was logged with a stack trace.</summary>
    public IReadOnlyList<Exception> LoggedExceptions => _log.Exceptions;

    /// <summary>How many log events of this number there were.</summary>
    public int LogCount(int eventId) => _log.Count(eventId);

    /// <summary>Completes with the next log event of this number, if one is given with this value.</summary>
    public Task LoggedAsync(int eventId, object? value = null) => _log.NextAsync(eventId, value);

    /// <summary>The next delivery; if none comes, the failure shows what the hub's tables say.</summary>
    public async Task<FakeReceivedDelivery> NextDeliveryAsync(FakeSubscriber subscriber)
    {
        try
        {
            return await subscriber.NextDeliveryAsync();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(await DescribeAsync(subscriber), e);
        }
    }

    private async Task<string> DescribeAsync(FakeSubscriber subscriber)
    {
        var rows = await Services
            .GetRequiredService<HubDatabase>()
            .Db.ReadAsync(
                s =>
                    s.QueryAsync<string>(
                        """
                        select 'topic ' || id || ' head ' || head from {topics}
                        union all select 'lane ' || id || ' cursor ' || cursor || ' size ' || size
                            || ' claimed ' || coalesce(claimed_by, '-')
                            || ' until ' || coalesce(claimed_until, 0) || ' epoch ' || epoch from {lanes}
                        union all select callback || ' position ' || coalesce(position, -1) || ' due ' || coalesce(due, -1)
                            || ' claimed ' || coalesce(claimed_by, '-') || ' epoch ' || epoch || ' attempts ' || attempts
                            || ' error ' || coalesce(last_error, '-') from {subscriptions}
                        """
                    ),
                default
            );
        var received = subscriber
            .Deliveries.GroupBy(d => d.Target)
            .Select(g => $"{g.Key} got {string.Join(' ', g.Select(d => d.DeliveryId?.Split('/')[^1]))}");
        var now = DatabaseTime.Now(Services.GetRequiredService<TimeProvider>()).Microseconds;
        return $"No delivery. Now {now}.\n{string.Join('\n', rows)}\n{string.Join('\n', received)}";
    }

    public Task PublishAsync(string topic, string content, string contentType = "text/plain") =>
        Services.GetRequiredService<IWebSubHub>().PublishAsync(topic, Encoding.UTF8.GetBytes(content), contentType);

    /// <summary>As a signal from outside stops it.</summary>
    public Task StopAsync() => _app.StopAsync().WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

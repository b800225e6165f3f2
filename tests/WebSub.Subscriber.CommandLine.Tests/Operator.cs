using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Protocol;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.CommandLine.Tests;

/// <summary>Runs commands of an app that is built but not started, as a second process would, and puts rows where it finds them.</summary>
internal sealed class Operator(string database)
{
    public const string Hub = "https://hub.example/";

    /// <summary>The names of the app's handlers.</summary>
    public IReadOnlyList<string> Handlers { get; init; } = ["news"];

    public IReadOnlyList<WebSubDeclaredSubscription> Declared { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    public string? PublicUrl { get; init; } = "https://app.example";

    public Task<CommandResult> RunAsync(params string[] args) => RunAsync(args, "", isTerminal: false);

    /// <summary>Runs a command with these lines on stdin.</summary>
    public async Task<CommandResult> RunAsync(string[] args, string input, bool isTerminal)
    {
        await using var app = Build();
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var lines = new StringReader(input);
        var code = await CommandRunner.RunAsync(app.Services, args, new CommandConsole(output, error, lines, isTerminal));
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Stores these as they are.</summary>
    public async Task SeedAsync(params Subscription[] all)
    {
        await WithAsync(services =>
            services
                .GetRequiredService<SubscriptionStore>()
                .ImportAsync([.. all.Select(s => (s, (IReadOnlyList<CallbackRow>)[.. KeysOf(s)]))], TestContext.Current.CancellationToken)
        );
    }

    /// <summary>What is stored.</summary>
    public async Task<IReadOnlyList<Subscription>> StoredAsync()
    {
        IReadOnlyList<Subscription> all = [];
        await WithAsync(async services =>
            all = await services.GetRequiredService<SubscriptionStore>().AllAsync(TestContext.Current.CancellationToken)
        );
        return all;
    }

    public async Task<Subscription> StoredAsync(Guid id) => (await StoredAsync()).Single(s => s.Id == id);

    /// <summary>Uses the app's services beside whoever else uses the database.</summary>
    public async Task WithAsync(Func<IServiceProvider, Task> use)
    {
        await using var app = Build();
        app.Services.GetRequiredService<SubscriberDatabase>().IsGuest = true;
        await use(app.Services);
    }

    /// <summary>A confirmed subscription of the handler "news".</summary>
    public static Subscription Active(string topic = "https://news.example/feed", string handler = "news", TimeSpan? lease = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var key = Guid.NewGuid().ToString("N");
        return Ask(topic, handler) with
        {
            State = WebSubSubscriptionState.Active,
            Pending = null,
            Active = new()
            {
                Hub = Hub,
                Topic = topic,
                Secret = "secret",
                CallbackKey = key,
                CallbackUrl = $"https://app.example/websub/{handler}/{key}",
                ConfirmedAt = now,
                LeaseEnd = now + (lease ?? TimeSpan.FromDays(10)),
                RenewAt = now + (lease ?? TimeSpan.FromDays(10)) * 0.9,
            },
        };
    }

    /// <summary>A subscription that its hub has not been asked for.</summary>
    public static Subscription Ask(string topic = "https://news.example/feed", string handler = "news")
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Id = Guid.NewGuid(),
            Handler = handler,
            Target = WebSubTarget.Topic(topic, Hub),
            CreatedAt = now,
            ChangedAt = now,
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Subscribe,
                Due = now,
            },
        };
    }

    /// <summary>A subscription whose hub has refused three times and is asked again in an hour.</summary>
    public static Subscription Failing(string topic = "https://news.example/feed")
    {
        var asked = Ask(topic);
        return asked with
        {
            Pending = asked.Pending! with
            {
                State = WebSubRequestState.HubError,
                HubErrorAttempts = 3,
                Due = asked.CreatedAt + TimeSpan.FromHours(1),
            },
        };
    }

    /// <summary>A subscription that has come to an end.</summary>
    public static Subscription Over(WebSubSubscriptionState state, string topic = "https://news.example/feed") =>
        Ask(topic) with
        {
            State = state,
            Pending = null,
        };

    public static WebSubDeclaredSubscription Declaration(string topic = "https://news.example/feed", string handler = "news") =>
        new(WebSubTarget.Topic(topic, Hub), handler);

    /// <summary>How a subscription that is declared without options says so.</summary>
    public static string DeclaredText { get; } = SubscriptionRow.Write(new());

    private static IEnumerable<CallbackRow> KeysOf(Subscription s) =>
        new[] { s.Active?.CallbackKey, s.Pending?.CallbackKey }
            .OfType<string>()
            .Select(k => new CallbackRow { CallbackKey = k, Handler = s.Handler });

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["WebSub:Subscriber:PublicUrl"] = PublicUrl;
        builder.Configuration["WebSub:Outbound:AllowPrivateNetworks"] = "true";
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = database;
        foreach (var (name, value) in Settings)
            builder.Configuration[name] = value;
        var subscriber = builder.Services.AddWebSubSubscriber();
        foreach (var handler in Handlers)
            subscriber.AddHandler(handler, (_, _) => Task.CompletedTask);
        foreach (var one in Declared)
            subscriber.AddSubscription(one.Target, one.Handler, one.Options);
        return builder.Build();
    }
}

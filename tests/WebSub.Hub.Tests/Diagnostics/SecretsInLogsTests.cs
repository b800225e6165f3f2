using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Diagnostics;

public abstract class SecretsInLogsTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    [Fact]
    public async Task EverythingLogged_AtTraceLevel_HoldsNoSecret_WhateverGoesWrong()
    {
        string[] secrets =
        [
            "Hush-first-secret",
            "Hush-second-secret",
            "Hush-refused-secret",
            "Hush-failing-secret",
            "Hush-verify-token",
            "Hush-api-key",
            "Hush-wrong-key",
        ];
        var tooLong = new string('H', 200);
        var logs = new LogList();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Target == "/fails" ? 500 : 200);
        await using (
            var hub = await HubHost.StartAsync(
                ConnectionString,
                o =>
                {
                    o.ApiKeys["robin"] = secrets[5];
                    o.Delivery.RetryDelays = [TimeSpan.Zero];
                },
                services: s =>
                    s.AddSingleton<IWebSubValidator, Strict>().AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            )
        )
        {
            await hub.SubscribeAsync(Topic, subscriber.Callback("works"), secrets[0], extra: (HubParameters.VerifyToken, secrets[4]));
            await hub.SubscribeAsync(Topic, subscriber.Callback("works"), secrets[1]);
            await hub.SubscribeAsync(Topic, subscriber.Callback("fails"), secrets[3]);
            await hub.SubscribeAsync(Topic, subscriber.Callback("broken"), secrets[3]);
            using var refused = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("refused"), secrets[2]);
            using var thrown = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("thrown"), secrets[2]);
            using var wrong = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("long"), tooLong);
            using var keyed = await PushAsync(hub, secrets[5]);
            using var wrongKey = await PushAsync(hub, secrets[6]);
            Assert.Equal([403, 500, 400, 202, 401], new[] { refused, thrown, wrong, keyed, wrongKey }.Select(r => (int)r.StatusCode));
            while (
                await hub.NextDeliveryAsync(subscriber) is not { Target: "/works" } delivery
                || delivery.Verify(secrets[1]) != SignatureVerdict.Valid
            )
            {
                // Until the one that works has it.
            }

            await hub.Db.WriteAsync(
                s =>
                    s.ExecuteAsync(
                        "update {subscriptions} set secret = @nonsense where callback like '%/broken'",
                        new { nonsense = new byte[40] }
                    ),
                default
            );
        }

        await using (
            var again = await HubHost.StartAsync(
                ConnectionString,
                services: s => s.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            )
        )
        {
            await again.PublishAsync(Topic, "more");
            await again.UntilAsync("select count(*) from {subscriptions} where callback like '%/broken' and last_error is not null");
        }

        var lines = logs.Lines;
        Assert.Contains(lines, l => l.Level == LogLevel.Trace || l.Level == LogLevel.Debug);
        Assert.Contains(lines, l => l.Text.Contains("cannot be used", StringComparison.Ordinal));
        Assert.All(
            [.. secrets, tooLong, PasswordIn(ConnectionString)],
            secret =>
            {
                foreach (var form in Forms(secret))
                    Assert.DoesNotContain(lines, l => l.Text.Contains(form, StringComparison.OrdinalIgnoreCase));
            }
        );
    }

    /// <summary>A secret as it is, and as it might show through.</summary>
    private static IEnumerable<string> Forms(string secret) =>
        [
            secret,
            Uri.EscapeDataString(secret),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..^4],
            Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
        ];

    private static string PasswordIn(string connectionString) =>
        connectionString
            .Split(';')
            .Select(p => p.Split('=', 2))
            .FirstOrDefault(p => p[0].Trim().Equals("Password", StringComparison.OrdinalIgnoreCase))
            ?[1]
        ?? "no password in this one";

    private static async Task<HttpResponseMessage> PushAsync(HubHost hub, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Topic}")
        {
            Content = new StringContent("x"),
        };
        request.Headers.Add("Authorization", $"Bearer {key}");
        return await hub.SendAsync(request);
    }

    private sealed class Strict : IWebSubValidator
    {
        public ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
            new(
                request.Callback[(request.Callback.LastIndexOf('/') + 1)..] switch
                {
                    "refused" => WebSubValidation.Refuse("not you"),
                    "thrown" => throw new InvalidOperationException($"{request}"),
                    _ => WebSubValidation.Accept,
                }
            );
    }

    public sealed class OnSqlite() : SecretsInLogsTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : SecretsInLogsTests(server);
}

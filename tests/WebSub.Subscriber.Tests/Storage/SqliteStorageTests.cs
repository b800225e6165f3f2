using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Storage;

public sealed class SqliteStorageTests : StorageTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Open_AfterAKilledProcess_TakesItsClaimsUpAtOnce()
    {
        var options = new WebSubSubscriberOptions { ConnectionString = await CreateDatabaseAsync() };
        await using (var killed = new SubscriberDatabase(options))
        {
            var (s, _) = await new SubscriptionStore(killed).AddAsync(
                new()
                {
                    Id = Guid.NewGuid(),
                    Handler = "news",
                    Target = "https://news.example/",
                    CreatedAt = Now,
                    ChangedAt = Now,
                    Pending = new()
                    {
                        Id = Guid.NewGuid(),
                        Mode = HubModes.Subscribe,
                        Due = Now,
                    },
                },
                default
            );
            await using var arrivals = new InboxArrivals(killed);
            var row = new InboxRow
            {
                SubscriptionId = s.Id.ToString("D"),
                Topic = "t",
                BodyHash = "h",
                ReceivedAt = DatabaseTime.From(Now),
            };
            await arrivals.AddAsync(new(row, new(null, "", null, IsSigned: false, Now), RepeatRule.Of(new()), s.Version), default);
            Assert.Single(await new SubscriptionStore(killed).ClaimDueAsync(Now, Now.AddMinutes(1), 10, default));
            Assert.Single(await new InboxStore(killed).ClaimDueAsync(Now, Now.AddMinutes(1), 10, default));
            await new SubscriptionStore(killed).BeatAsync(Now, Now.AddMinutes(1), default);
        }

        await using var next = new SubscriberDatabase(options);

        Assert.Single(await new SubscriptionStore(next).ClaimDueAsync(Now, Now.AddMinutes(1), 10, default));
        Assert.Single(await new InboxStore(next).ClaimDueAsync(Now, Now.AddMinutes(1), 10, default));
        // Nobody else is left, so this one may unsubscribe when it stops.
        Assert.True(await new SubscriptionStore(next).LeaveAsync(Now, default));
    }

    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Administration;
using WebSub.Storage;
using WebSub.TestSupport;
using WebSub.Work;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>The audit log is kept for so many days.</summary>
public abstract class AuditSweepTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AuditLog_IsPrunedByAge_ButForWhatIsUnderWayOrTheNewest()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.AuditDays = 30, time);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var day = 86_400_000_000L;
        // All at once: the hub has a sweep of its own under way.
        await hub.Db.WriteAsync(
            async s =>
            {
                await InsertAsync(s, "old", now - (31 * day));
                await InsertAsync(s, "old, but its redelivery is under way", now - (31 * day));
                await InsertAsync(s, "young", now - (29 * day));
                await InsertAsync(s, "newest", now - (31 * day));
                return await s.ExecuteAsync(
                    "insert into {replays} (action_id, topic_id, callback, next, last, due) "
                        + "select id, 1, 'https://a.example/', 1, 1, @far from {actions} where target like '%under way'",
                    new { far = now + (1000 * day) }
                );
            },
            Cancelled
        );

        var sweep = hub.Services.GetServices<MaintenanceTask>().OfType<AuditSweep>().Single();
        var isMore = await sweep.RunAsync(Cancelled);
        var left = await hub.Db.ReadAsync(s => s.QueryAsync<string>("select target from {actions} order by id"), Cancelled);

        Assert.False(isMore);
        Assert.Equal(["old, but its redelivery is under way", "young", "newest"], left);
    }

    private static Task<int> InsertAsync(DbSession session, string target, long doneAt) =>
        session.ExecuteAsync(
            "insert into {actions} (kind, target, requested_by, requested_at, done_at) "
                + "values ('PauseOrigin', @target, 'local', @doneAt, @doneAt)",
            new { target, doneAt }
        );

    public sealed class OnSqlite() : AuditSweepTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : AuditSweepTests(server);
}

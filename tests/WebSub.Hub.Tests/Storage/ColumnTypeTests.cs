using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>Values with a type of their own, and truth values, mean the same in both databases.</summary>
public abstract class ColumnTypeTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private static readonly DatabaseTime Moment = new(1_700_000_000_123_456);

    [Fact]
    public async Task Row_OfOwnTypes_ComesBackAsItWasStored()
    {
        await using var database = await OpenAsync();
        var row = new Row
        {
            Id = new(1L << 61),
            IsGood = true,
            At = Moment,
            Secret = new([1, 2, 3]),
        };

        var stored = await AddAsync(database, row);
        var (ids, at) = await database.Db.ReadAsync(
            async s =>
                (
                    await s.QueryAsync<TopicId>("select id from kept where " + s.AnyOf("id", "ids"), new { ids = s.Ids([row.Id]) }),
                    await s.ScalarAsync<DatabaseTime?>("select max(at) from kept")
                ),
            default
        );

        Assert.Equal(row, stored);
        Assert.Equal([row.Id], ids);
        Assert.Equal(Moment, at);
    }

    [Fact]
    public async Task Row_WithoutOptionalValues_ComesBackWithoutThem()
    {
        await using var database = await OpenAsync();
        var row = new Row { Id = new(7) };

        var stored = await AddAsync(database, row);
        var at = await database.Db.ReadAsync(s => s.ScalarAsync<DatabaseTime?>("select max(at) from kept"), default);

        Assert.Equal(row, stored);
        Assert.Null(at);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    [InlineData(null, -1)]
    public async Task Parameter_OfATruthValue_IsANumber(bool? value, long expected)
    {
        await using var database = await OpenAsync();

        var number = await database.Db.ReadAsync(s => s.ScalarAsync<long>("select coalesce(@value, -1)", new { value }), default);

        Assert.Equal(expected, number);
    }

    [Fact]
    public async Task Parameter_WithoutAMoment_StillHasItsType()
    {
        await using var database = await OpenAsync();

        var none = await database.Db.ReadAsync(
            s => s.ScalarAsync<long>("select case when @at is null then 1 else 0 end", new { at = (DatabaseTime?)null }),
            default
        );

        Assert.Equal(1, none);
    }

    private static Task<Row?> AddAsync(HubDatabase database, Row row) =>
        database.Db.WriteAsync(
            async s =>
            {
                await s.ExecuteAsync("insert into kept (id, is_good, at, secret) values (@Id, @IsGood, @At, @Secret)", row);
                return await s.FirstOrDefaultAsync<Row>("select id, is_good, at, secret from kept");
            },
            default
        );

    private async Task<HubDatabase> OpenAsync()
    {
        var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));
        await database.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    s.Pick(
                        "create table kept (id integer not null, is_good integer not null, at integer, secret blob) strict",
                        "create table kept (id bigint not null, is_good bigint not null, at bigint, secret bytea)"
                    )
                ),
            default
        );
        return database;
    }

    private sealed record Row
    {
        public TopicId Id { get; init; }

        public bool IsGood { get; init; }

        public DatabaseTime? At { get; init; }

        public SealedSecret? Secret { get; init; }
    }

    public sealed class OnSqlite() : ColumnTypeTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : ColumnTypeTests(server);
}

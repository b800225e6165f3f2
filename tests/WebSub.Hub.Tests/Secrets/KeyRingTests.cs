using Microsoft.Extensions.DependencyInjection;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Secrets;

/// <summary>Where the keys are that wrap the data key (<c>WebSub:Storage:KeyRing</c>).</summary>
public abstract class KeyRingTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-keys-");

    private string Ring => Path.Combine(_folder.FullName, "ring");

    [Fact]
    public async Task Ring_InAFolder_IsNotInTheDatabase_AndOpensAfterARestart()
    {
        var secret = await SealAsync(Ring);

        await using var hub = await StartHubAsync(o => o.KeyRing = Ring);

        Assert.Equal("secret"u8.ToArray(), Open(hub, secret));
        Assert.Equal(0, await KeysInDatabaseAsync(hub));
        var file = Assert.Single(Directory.GetFiles(Ring));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                (UnixFileMode.UserRead | UnixFileMode.UserWrite, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
                (File.GetUnixFileMode(file), File.GetUnixFileMode(Ring))
            );
        }
    }

    [Fact]
    public async Task Ring_InTheDatabase_MovesToTheFolder()
    {
        var secret = await SealAsync(ring: null);
        await (await StartHubAsync(o => o.KeyRing = Ring)).DisposeAsync();

        await using var hub = await StartHubAsync(o => o.KeyRing = Ring);

        Assert.Equal("secret"u8.ToArray(), Open(hub, secret));
        Assert.Equal(0, await KeysInDatabaseAsync(hub));
    }

    [Fact]
    public async Task Ring_ThatIsNotTheOneBefore_StopsTheStart()
    {
        await SealAsync(Ring);

        var other = await Assert.ThrowsAsync<DatabaseException>(() => StartHubAsync(o => o.KeyRing = Ring + "-other"));
        var none = await Assert.ThrowsAsync<DatabaseException>(() => StartHubAsync());

        const string WhatToDo = "Start with the key ring that was used before";
        Assert.All([other, none], e => Assert.Contains(WhatToDo, e.Message, StringComparison.Ordinal));
    }

    public override async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<SealedSecret> SealAsync(string? ring)
    {
        await using var hub = await StartHubAsync(o => o.KeyRing = ring);
        return hub.Services.GetRequiredService<SecretBox>().Seal("secret"u8, "owner");
    }

    private static byte[] Open(HubHost hub, SealedSecret secret)
    {
        using var opener = hub.Services.GetRequiredService<SecretBox>().Opener();
        return opener.Open(secret);
    }

    private static Task<long> KeysInDatabaseAsync(HubHost hub) =>
        hub.Db.ReadAsync(session => session.ScalarAsync<long>("select count(*) from {key_ring}"), TestContext.Current.CancellationToken);

    public sealed class OnSqlite() : KeyRingTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : KeyRingTests(server);
}

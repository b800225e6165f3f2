using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Storage;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>What an operator sees of secrets: nothing in the log, and a refusal to start where they cannot be read.</summary>
public abstract class SecretTests : IDisposable
{
    private const string Topic = "http://topics.example/confidential";
    private const string OldSecret = "vierzehn-blaue-heringe";
    private const string NewSecret = "fünfzehn & graue krabben";
    private const string Key = "ein-schluessel-aus-drei-strandmuscheln";
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-secrets-").FullName;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Start_KeyRingLost_RefusesInOneLineUntilItIsBack()
    {
        var database = await CreateDatabaseAsync(_folder);
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync(database);
        var callback = await hub.SubscribeAsync(sink, Topic, OldSecret);
        await hub.KillAsync();
        await ExecuteAsync(database, "create table kept as select * from {key_ring}", "delete from {key_ring}");

        var result = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [Repository.Server, "--urls", "http://127.0.0.1:0", "--ConnectionStrings:WebSub", database],
            workingDirectory: _folder
        );
        await ExecuteAsync(database, "delete from {key_ring}", "insert into {key_ring} select * from kept");
        await hub.RestartAsync();
        await hub.PushAsync(Topic, "readable again");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("secrets", result.Complaint, StringComparison.Ordinal);
        Assert.Contains("key ring", result.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain(
            result.Output,
            l =>
                l.Contains("fail:", StringComparison.Ordinal)
                || l.Contains("crit:", StringComparison.Ordinal)
                || l.TrimStart().StartsWith("at ", StringComparison.Ordinal)
        );
        Assert.Equal(SignatureVerdict.Valid, deliveries[0].Signature);
    }

    [Fact]
    public async Task Log_AtTheLowestLevel_HasNoSecret()
    {
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            await CreateDatabaseAsync(_folder),
            [
                ("WebSub:Hub:Delivery:RetrySeconds", "1,1"),
                ("WebSub:Hub:Verification:RetrySeconds", "1"),
                ("WebSub:Administration:ApiKeys:Robin", Key),
                .. (
                    (string[])
                        [
                            "Default",
                            "WebSub.Hub",
                            "Microsoft.AspNetCore.Hosting",
                            "Microsoft.AspNetCore.Server",
                            "Microsoft.AspNetCore.Routing",
                            "Microsoft.AspNetCore.DataProtection",
                            "Npgsql",
                        ]
                ).Select(c => ($"Logging:LogLevel:{c}", "Trace")),
            ]
        );

        var callback = await hub.SubscribeAsync(sink, Topic, OldSecret);
        var refused = sink.Expect(Topic, OldSecret);
        refused.Confirms = false;
        await sink.RequestAsync(hub.Url, refused);
        await hub.NotConfirmedAsync(refused);
        await sink.RequestAsync(hub.Url, callback, secret: OldSecret + new string('x', 200));
        callback.Respond = _ => callback.Deliveries.Count < 3 ? 500 : 200;
        await hub.PushAsync(Topic, "refused at first");
        await callback.WaitForDeliveriesAsync(3);
        await RawHttp.SendAsync(
            hub.Origin,
            $"POST /hub?hub.mode=publish&hub.topic=http://t.example/ HTTP/1.1\nContent-Type: text/plain\nAuthorization: Bearer {Key}-not",
            "x"u8.ToArray()
        );
        await hub.KillAsync();
        var lines = hub.Process.Lines.ToList();
        await hub.RestartAsync();
        await sink.RequestAsync(hub.Url, callback, secret: NewSecret);
        await hub.VerifiedAsync(callback);
        await hub.PushAsync(Topic, "under another secret");
        await callback.WaitForDeliveryAsync(d => Encoding.UTF8.GetString(d.Body) == "under another secret");
        callback.Respond = _ => 410;
        await hub.PushAsync(Topic, "no longer wanted");
        await callback.WaitForDeliveryAsync(d => Encoding.UTF8.GetString(d.Body) == "no longer wanted");
        await hub.Process.TerminateAsync();
        await hub.Process.WaitForExitAsync();
        lines.AddRange(hub.Process.Lines);

        Assert.Contains(
            lines,
            l => l.Text.Contains("trce:", StringComparison.Ordinal) || l.Text.Contains("dbug:", StringComparison.Ordinal)
        );
        foreach (var written in ((string[])[OldSecret, NewSecret, Key]).SelectMany(Forms))
            Assert.DoesNotContain(lines, l => l.Text.Contains(written, StringComparison.OrdinalIgnoreCase));
    }

    private protected abstract Task<string> CreateDatabaseAsync(string folder);

    /// <summary>The ways in which a secret could be written.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return
        [
            secret,
            Uri.EscapeDataString(secret),
            new HubFields().Add("s", secret).ToString()[2..],
            Convert.ToHexString(bytes),
            Convert.ToBase64String(bytes).TrimEnd('=')[..^1],
            string.Join(',', bytes),
        ];
    }

    private static async Task ExecuteAsync(string database, params string[] statements)
    {
        await using var db = Database.Create(
            new()
            {
                ConnectionString = database,
                TablePrefix = "websub_hub_",
                SingleProcess = true,
            }
        );
        await db.WriteAsync(
            async session =>
            {
                foreach (var statement in statements)
                    await session.ExecuteAsync(statement);
            },
            CancellationToken.None
        );
    }
}

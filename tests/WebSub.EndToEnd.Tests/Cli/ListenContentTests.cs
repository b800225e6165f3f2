using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>
/// <c>websub listen</c> has answered 200 by the time it prints: whatever the text is, and wherever printing fails, every target gets its
/// update.
/// </summary>
public sealed class ListenContentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-listen-content-");

    private string Saved => Path.Combine(_folder.FullName, "saved");

    private string Piped => Path.Combine(_folder.FullName, "piped");

    [Theory]
    [InlineData("text/plain; charset=windows-1251", "CFF0E8E2E5F2", "Привет")]
    [InlineData("text/plain; charset=koi8-r", "F0D2C9D7C5D4", "Привет")]
    [InlineData("text/plain; charset=Shift_JIS", "93FA967B", "日本")]
    [InlineData("text/plain; charset=gb18030", "C4E3BAC3", "你好")]
    [InlineData("text/plain; charset=iso-8859-1", "66FC72", "für")]
    [InlineData("text/plain; charset=nobody-knows", "68656C6C6F", "hello")]
    [InlineData("text/plain; charset=utf-8", "C328", null)]
    [InlineData("text/plain; charset=shift_jis", "93", null)]
    [InlineData("image/png", "89504E470D0A1A0A0000", null)]
    public async Task Listen_TextInAnyEncoding_IsShownAndPassedOn(string type, string sent, string? shown)
    {
        var body = Convert.FromHexString(sent);
        await using var hub = await FakeHub.StartAsync();
        await using var receiver = await HubStub.StartAsync(status: 200);
        await using var listen = ListenProcess.Start(["http://localhost/x", "--hub", hub.Url, "--json", .. Targets(receiver)]);

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        await hub.DeliverAsync(request, new() { Body = body, ContentType = type });
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        await AssertPassedOnAsync(body, receiver);
        var update = await listen.WaitForAsync("notification");
        Assert.Equal(shown is null, update.TryGetProperty("note", out _));
        if (shown is null)
            Assert.Equal(body, update.GetProperty("bodyBase64").GetBytesFromBase64());
        else
            Assert.Equal(shown, update.GetProperty("body").GetString());
    }

    [Theory]
    [InlineData(
        "image/png",
        "89504E470D0A1A0A0000",
        "image/png, 10 bytes, signature valid",
        "not shown, because its bytes are not text in utf-8; --save keeps it"
    )]
    [InlineData(
        "text/plain",
        "6100",
        "text/plain, 2 bytes, signature valid",
        "not shown, because it has characters that do not occur in text; --save keeps it"
    )]
    [InlineData(
        "application/json",
        "7B2261223A5B312C22C3BC225D7D",
        "application/json, 14 bytes, signature valid",
        "{",
        "\"a\": [",
        "1,",
        "\"ü\"",
        "]",
        "}"
    )]
    [InlineData("text/plain", "610A0A620A", "text/plain, 5 bytes, signature valid", "a", "b")]
    public async Task Listen_ForPeople_ShowsJsonIndentedAndWhatIsNoTextBySizeAndType(string type, string sent, params string[] shown)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--count", "1", "--secret", "s3cret");

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        await hub.DeliverAsync(request, new() { Body = Convert.FromHexString(sent), ContentType = type });
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var lines = listen.Process.Lines.Where(l => !l.IsError).Select(l => l.Text).ToList();
        var at = lines.FindIndex(l => l.Contains("notification", StringComparison.Ordinal));
        Assert.EndsWith(shown[0], lines[at], StringComparison.Ordinal);
        Assert.Equal(shown[1..], lines[(at + 1)..^1].Select(l => l.Trim()));
    }

    [Fact]
    public async Task Listen_OutputOnAFullDisk_PassesOnAllTheSame_SaysSo_AndFails()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        await using var hub = await FakeHub.StartAsync();
        await using var receiver = await HubStub.StartAsync(status: 200);
        await using var listen = RunningProcess.Start(
            "/bin/sh",
            [
                "-c",
                "exec \"$0\" \"$@\" >/dev/full",
                Repository.DotNet,
                Repository.Cli,
                "listen",
                "http://localhost/x",
                "--hub",
                hub.Url,
                .. Targets(receiver),
            ]
        );

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        await hub.DeliverAsync(request, "an update");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(1, await listen.WaitForExitAsync());
        await AssertPassedOnAsync("an update"u8.ToArray(), receiver);
        Assert.Contains(
            listen.Lines,
            l => l.IsError && l.Text.StartsWith("websub: The event \"notification\" could not be printed: ", StringComparison.Ordinal)
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string[] Targets(HubStub receiver) => ["--count", "1", "--save", Saved, "--exec", $"cat >'{Piped}'", "--forward", receiver.Url];

    private async Task AssertPassedOnAsync(byte[] body, HubStub receiver)
    {
        var saved = Assert.Single(Directory.GetFiles(Saved));
        Assert.Equal(body, await File.ReadAllBytesAsync(saved));
        if (!OperatingSystem.IsWindows())
        {
            // Only the user may read what may be private.
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(saved));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(Saved).UnixFileMode);
        }

        Assert.Equal(body, await File.ReadAllBytesAsync(Piped));
        Assert.Equal(body, Assert.Single(receiver.Requests).Body);
    }
}

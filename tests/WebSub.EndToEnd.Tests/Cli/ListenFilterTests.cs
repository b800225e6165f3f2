using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>listen --filter</c>: what is left out is not printed, passed on or counted.</summary>
public sealed class ListenFilterTests
{
    [Theory]
    [InlineData("$.order[?(@.price > 100)]", """{"order":[{"price":7}]}""", "not JSON", """{"order":[{"price":700}]}""")]
    [InlineData("$.order[?@.name == \"it's\"]", """{"order":[{"name":"its"}]}""", """{"name":"it's"}""", """{"order":[{"name":"it's"}]}""")]
    [InlineData("$[\"order\"][ ? @.at[\"x\"] > 1 && @['y'] != 'a]' ]", """{"order":[{"at":{"x":1}}]}""", "[]", Ordered)]
    [InlineData("$[?@.x == 1]", """[{"x":2}]""", """[{"y":1}]""", """[{"x":1}]""")]
    [InlineData(
        "storm",
        """{"version":"https://example.org/","items":[{"title":"storm"}]}""",
        """{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"Calm","content_text":"no storm"}, 7]}""",
        """{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"2","title":"A STORM","url":"https://w.example/2"}]}"""
    )]
    [InlineData("$.x[?(@.a > 1) && (@.b < 2)]", """{"x":[{"a":1,"b":1}]}""", """{"x":[{"a":2,"b":2}]}""", """{"x":[{"a":2,"b":1}]}""")]
    [InlineData("$.x[?@.a == 1 && @.b == 1 || @.c]", """{"x":[{"a":1}]}""", """{"x":[{"b":1}]}""", """{"x":[{"c":1}]}""")]
    [InlineData("$.x[?((@.a || @.b) && @.y[?(@.c || @.d)])]", """{"x":[{"a":1}]}""", """{"x":[{"y":[{"c":1}]}]}""", Nested)]
    [InlineData("$.x[?(@.a =~ /^(b|c)\\/$/)]", """{"x":[{"a":"b"}]}""", """{"x":[{"a":"c/d"}]}""", """{"x":[{"a":"c/"}]}""")]
    [InlineData("$.x[-2].a", """{"x":[]}""", """{"x":[{"a":1}]}""", """{"x":[{"a":1},{"b":2}]}""")]
    [InlineData("$.x[0,-1].a", """{"x":[{"b":1}]}""", "[7]", """{"x":[{"a":1},{"b":2}]}""")]
    [InlineData(
        "$.order[?@.price > 100]",
        """{"order":[{"price":"n/a"}]}""",
        """{"order":[{"price":{}}]}""",
        """{"order":[{"price":101}]}"""
    )]
    [InlineData(
        "$.order[?@.price > 100]",
        """{"order":{"price":700}}""",
        """{"order":{"a":{"price":7}}}""",
        """{"order":{"a":{"price":700}}}"""
    )]
    [InlineData("$[?@.x[?@.y == 1]].z", """{"a":{"x":[{"y":2}],"z":1}}""", """{"a":{"x":[{"y":1}]}}""", Members)]
    [InlineData("$.a[?@.b].c[?@.d || @.e].f", """{"a":{"x":{"b":1}}}""", """{"a":{"x":{"b":1,"c":{"y":{"d":1}}}}}""", Deep)]
    [InlineData("$.readings[?@ > 40]", """{"readings":{"mon":1,"tue":40}}""", """{"readings":41}""", """{"readings":{"mon":1,"tue":41}}""")]
    [InlineData("$.paid", """{"paid":false}""", """{"paid":null}""", """{"paid":true}""")]
    [InlineData(
        "storm",
        "a storm in plain text",
        """{"title":"storm"}""",
        Feed + "<entry><id>2</id><title>STORM warning</title></entry></feed>"
    )]
    public async Task Filter_Updates_OnlyWhatFitsIsTaken(string filter, string first, string second, string fitting)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var receiver = await HubStub.StartAsync(status: 200);
        await using var listen = ListenProcess.Start(
            "http://localhost/x",
            "--hub",
            hub.Url,
            "--json",
            "--count",
            "1",
            "--filter",
            filter,
            "--forward",
            receiver.Url
        );

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        foreach (var body in (string[])[first, second, fitting])
            await hub.DeliverAsync(request, new() { Body = Encoding.UTF8.GetBytes(body), ContentType = "application/octet-stream" });
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(fitting, Assert.Single(listen.Events, e => e.TryGetProperty("body", out _)).GetProperty("body").GetString());
        Assert.Equal(fitting, Encoding.UTF8.GetString(Assert.Single(receiver.Requests).Body));
    }

    [Fact]
    public async Task Filter_ByTitle_TakesAnEntryOnlyWhenItIsNewOrChanged()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--count", "2", "--filter", "Storm");
        const string Storm =
            "<entry><id>1</id><title>Storm</title><link href='https://w.example/1'/><updated>2026-11-26T12:00:00Z</updated></entry>";

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        foreach (
            var entries in (string[])
                [Storm, Storm + "<entry><id>2</id><title>Calm</title></entry>", Storm.Replace("T12", "T13", StringComparison.Ordinal)]
        )
            await hub.DeliverAsync(
                request,
                new() { Body = Encoding.UTF8.GetBytes($"{Feed}{entries}</feed>"), ContentType = "application/atom+xml" }
            );
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var output = listen.Process.Lines.Where(l => !l.IsError).Select(l => l.Text.Trim()).ToList();
        Assert.Equal(2, output.Count(l => l.Contains("notification", StringComparison.Ordinal)));
        Assert.Contains("Storm", output);
        Assert.Contains("Storm (changed)", output);
        Assert.Contains(output, l => l.StartsWith("https://w.example/1  2026-11-2", StringComparison.Ordinal));
        Assert.DoesNotContain(output, l => l.Contains("Calm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Filter_WithWhatCannotBeUsed_IsRefusedWithAnExample()
    {
        var result = await CliProcess.RunAsync("listen", "http://localhost/x", "--filter", "$[?length(@.a) > 1]");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("For example $.order[?@.price > 100] and $[\"title\"] can", result.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_ThatCannotBeApplied_IsToldOnceUnderVerbose()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start(
            "http://localhost/x",
            "--hub",
            hub.Url,
            "--verbose",
            "--count",
            "1",
            "--filter",
            "$.order[?@.price > 100]"
        );

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        foreach (var price in (string[])["\"n/a\"", "\"unknown\"", "101"])
            await hub.DeliverAsync(
                request,
                new() { Body = Encoding.UTF8.GetBytes($$"""{"order":[{"price":{{price}}}]}"""), ContentType = "application/json" }
            );
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Single(
            listen.Process.Lines,
            l => l.IsError && l.Text.StartsWith("verbose: --filter cannot be applied", StringComparison.Ordinal)
        );
        Assert.Single(listen.Process.Lines, l => !l.IsError && l.Text.Contains("notification", StringComparison.Ordinal));
    }

    private const string Nested = """{"x":[{"b":1,"y":[{"d":1}]}]}""";

    private const string Members = """{"a":{"x":[{"y":1}],"z":1}}""";

    private const string Deep = """{"a":{"x":{"b":1,"c":{"y":{"d":1,"f":1}}}}}""";

    private const string Ordered = """{"order":[{"at":{"x":2},"y":"b"}]}""";

    private const string Feed = "<feed xmlns='http://www.w3.org/2005/Atom'>";
}
